/// A running nginx, with everything that it needs in the test's own directory.
public final class NginxServer {
    /// The process, for its log.
    public let process: ChildProcess

    /// Starts nginx and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - endpoints: Where the configuration says that it listens.
    ///   - configuration: The text of its `nginx.conf`; it has to say `daemon off` and `master_process off`, and to keep
    ///     everything inside of `directory`.
    public init(
        at endpoints: [Endpoint], configuration: String, in directory: TemporaryDirectory
    ) throws(HarnessFailure) {
        let file = try directory.write(configuration, to: "nginx.conf")
        process = try ChildProcess(
            "nginx", arguments: ["-p", directory.path, "-e", "stderr", "-c", file],
            logFile: directory.path(of: "nginx.log"))
        try process.wait(for: "listeners", within: .seconds(10)) { endpoints.allSatisfy(\.accepts) }
    }
}
