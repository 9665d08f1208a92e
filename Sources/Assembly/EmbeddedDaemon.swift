internal import Administration
public import Configuration
public import Federation
public import Prooftypes

/// A whole ``Daemon`` inside another program: the same but for signals, service manager and the descriptor of the log.
/// For the demonstration and tests.
public struct EmbeddedDaemon: Sendable {
    private let daemon: Daemon

    /// Reads a configuration and opens the sockets that it names; nothing is served yet.
    ///
    /// - Parameters:
    ///   - file: The configuration.
    ///   - logDescriptor: Where the log goes; not closed here.
    ///   - prooftypes: The prooftypes that the program has.
    ///   - observe: Is told what happens, on the loop where it happens; to return at once.
    /// - Throws: Every fault, each with file, line, key and the mend.
    public init(
        configuration file: String, logDescriptor: Int32, prooftypes: [any ProoftypeKind.Type] = AllProoftypes.kinds,
        observe: @escaping @Sendable (FederationFact) -> Void
    ) throws(ConfigurationErrors) {
        let loaded = try LoadedConfiguration(file: file, prooftypes: prooftypes)
        do throws(Daemon.StartFailure) {
            daemon = try Daemon(
                file: file, loaded: loaded, environment: [:], logDescriptor: logDescriptor, observe: observe)
        } catch {
            throw ConfigurationErrors(
                error.reasons.map {
                    ConfigurationError(
                        file: file, line: nil, keyPath: "", message: $0, mend: "free it, or change the setting")
                })
        }
    }

    /// The daemon without its surroundings: what to ask and to send.
    public var service: FederationService { daemon.service }

    /// The addresses that it listens on under a key of `[listen]`, such as `s2s`, with the ports that it was given.
    public func addresses(of listener: String) -> [String] {
        daemon.listeners.descriptions.filter { $0.name == listener }.map(\.address)
    }

    /// Serves from now on.
    public func start() async throws { try await daemon.start() }

    /// Drains, and ends every loop.
    public func stop() async { await daemon.stop() }
}
