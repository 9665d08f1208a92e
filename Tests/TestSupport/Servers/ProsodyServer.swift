/// A running Prosody, with everything that it needs in the test's own directory.
public final class ProsodyServer {
    /// The process, for its log.
    public let process: ChildProcess

    /// Starts Prosody and waits until it takes components and streams.
    ///
    /// - Parameters:
    ///   - configuration: The text of its `prosody.cfg.lua`; it has to say `run_as_root = true`, since tests may run as
    ///     root.
    public init(
        at place: ServerPlace, configuration: String, in directory: TemporaryDirectory
    ) throws(HarnessFailure) {
        try directory.makeDirectory("prosody-data")
        let file = try directory.write(configuration, to: "prosody.cfg.lua")
        process = try ChildProcess(
            "prosody", arguments: ["-F", "--config", file], environment: ["HOME": directory.path],
            logFile: directory.path(of: "prosody.log"))
        try process.wait(for: "listeners", within: .seconds(20)) { place.component.accepts && place.s2s.accepts }
    }

    /// Whether Prosody logs `text`, which it may write a little later than it acts.
    public func logs(_ text: String, within limit: Duration = .seconds(5)) -> Bool {
        eventually(within: limit) { process.log.contains(text) }
    }
}
