/// A running unbound, which looks names up for its clients in clear, by TLS and by HTTPS.
public final class UnboundServer {
    /// The process, for its log.
    public let process: ChildProcess

    /// Starts unbound and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - endpoints: Where the configuration says that it listens.
    ///   - configuration: The text of its `unbound.conf`; it has to keep everything inside of `directory`.
    ///   - name: Tells it from others in the same directory.
    public init(
        at endpoints: [Endpoint], configuration: String, in directory: TemporaryDirectory,
        named name: String = "unbound"
    ) throws(HarnessFailure) {
        let file = try directory.write(configuration, to: "\(name).conf")
        process = try ChildProcess(
            "unbound", arguments: ["-d", "-c", file], logFile: directory.path(of: "\(name).log"))
        try process.wait(for: "listeners", within: .seconds(10)) { endpoints.allSatisfy(\.accepts) }
    }
}
