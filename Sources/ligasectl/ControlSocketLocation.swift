internal import Administration
internal import Assembly
internal import Configuration

/// Which control socket to use, and why this one.
struct ControlSocketLocation {
    /// Where the configuration is unless the command line says otherwise.
    static let defaultFile = "/etc/ligase/ligase.toml"

    let path: String
    /// What to add when nobody answers there; nil when the operator named the socket.
    let note: String?

    /// `--socket`, or `[listen] control` of the configuration, or the default.
    ///
    /// - Throws: When a configuration was named and cannot be read; without one the default file is only tried.
    init(socket: String?, configuration: String?) throws(AdministrationFailure) {
        if let socket {
            path = socket
            note = nil
            return
        }
        let file = configuration ?? Self.defaultFile
        do throws(ConfigurationErrors) {
            // The daemon judges what it can do; here only the path counts.
            path = try Configuration.load(file: file, reading: ConfigurationFiles.reader, features: .everything)
                .listen.control
            note = "\(file) names this socket"
        } catch {
            // A fault elsewhere in the file is for the daemon to report: `reload` is answered with it, and `status` is needed.
            if let partial = error.partial, !error.errors.contains(where: { $0.keyPath.hasPrefix("listen") }) {
                path = partial.listen.control
                note = "\(file) names this socket"
                return
            }
            if configuration != nil {
                throw AdministrationFailure(
                    "the configuration does not say where the control socket is; mend it or use --socket",
                    details: error.errors.map(\.description), exitCode: .configuration)
            }
            path = ControlProtocol.defaultSocket
            let reason = error.errors.first?.description ?? file
            note = "the default socket, without a usable configuration: \(reason)"
        }
    }
}
