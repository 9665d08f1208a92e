/// A running nsd, authoritative for the zones that its configuration names.
public final class NsdServer {
    /// The process, for its log.
    public let process: ChildProcess

    /// Starts nsd and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - endpoint: Where the configuration says that it listens.
    ///   - configuration: The text of its `nsd.conf`; it has to keep everything inside of `directory`.
    public init(
        at endpoint: Endpoint, configuration: String, in directory: TemporaryDirectory
    ) throws(HarnessFailure) {
        let file = try directory.write(configuration, to: "nsd.conf")
        process = try ChildProcess("nsd", arguments: ["-d", "-c", file], logFile: directory.path(of: "nsd.log"))
        try process.wait(for: "listener", within: .seconds(10)) { endpoint.accepts }
    }
}
