internal import Administration
internal import Assembly
internal import Configuration
internal import Glibc

/// What the commands that need no daemon ask DNS with.
enum Lookups {
    /// Lookups by `--config`, or by the default file where there is one, or by the defaults.
    ///
    /// - Throws: When the configuration cannot be used; its faults have been printed.
    static func make(_ options: CommonOptions) throws -> NameLookup {
        var file = options.config
        if file == nil, access(ControlSocketLocation.defaultFile, F_OK) == 0 {
            file = ControlSocketLocation.defaultFile
        }
        do throws(ConfigurationErrors) {
            // The connections to name servers may be closed by the other side; Output ends the program for its own reader.
            signal(SIGPIPE, SIG_IGN)
            let lookup = try NameLookup(configuration: file)
            for warning in lookup.warnings { Output.warn(warning) }
            return lookup
        } catch {
            throw Output.exit(
                after: AdministrationFailure(
                    "the configuration does not say how names are looked up; mend it or name another with --config",
                    details: error.errors.map(\.description), exitCode: .configuration))
        }
    }
}
