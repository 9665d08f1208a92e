/// A running ejabberd, with everything that it needs in the test's own directory.
///
/// It is started by `erl` and not by `ejabberdctl`, which insists on a certain user, on a node name and on Erlang's port
/// mapper; this one has neither a name nor the mapper, so that several can run beside each other and beside the
/// system's own.
public final class EjabberdServer {
    /// The process, for its log.
    public let process: ChildProcess

    /// Starts ejabberd and waits until it takes components and streams.
    ///
    /// - Parameters:
    ///   - configuration: The text of its `ejabberd.yml`.
    ///   - nameServer: Asked for SRV records. Addresses of hosts ejabberd looks up through the C library instead, which
    ///     knows this server not: targets that ejabberd is to dial have to be addresses in the dotted form.
    public init(
        at place: ServerPlace, configuration: String, nameServer: Endpoint, in directory: TemporaryDirectory
    ) throws(HarnessFailure) {
        let database = try directory.makeDirectory("ejabberd-database")
        let logFile = directory.path(of: "ejabberd.log")
        let environment = [
            "EJABBERD_CONFIG_PATH": try directory.write(configuration, to: "ejabberd.yml"),
            "EJABBERD_LOG_PATH": logFile,
            "ERL_INETRC": try directory.write(Self.resolverSettings(nameServer), to: "inetrc"),
            "ERL_LIBS": try Self.libraryDirectory(),
            "ERL_CRASH_DUMP": directory.path(of: "erl_crash.dump"),
            "HOME": directory.path,
        ]
        // Without busy waiting its schedulers leave the machine to the servers that are tested.
        let frugality = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"]
        process = try ChildProcess(
            "erl", arguments: frugality + ["-noinput", "-mnesia", "dir", "\"\(database)\"", "-s", "ejabberd"],
            environment: environment, logFile: directory.path(of: "ejabberd.output"))
        self.logFile = logFile
        try process.wait(for: "listeners", within: .seconds(40)) { place.component.accepts && place.s2s.accepts }
    }

    private let logFile: String

    /// Whether ejabberd logs `text`, which it may write a little later than it acts.
    public func logs(_ text: String, within limit: Duration = .seconds(5)) -> Bool {
        eventually(within: limit) { contents(ofFile: logFile).contains(text) }
    }

    private static func resolverSettings(_ nameServer: Endpoint) -> String {
        """
        {resolv_conf, ""}.
        {hosts_file, ""}.
        clear_ns.
        clear_search.
        {nameserver, {\(nameServer.address.description.replacing(".", with: ","))}, \(nameServer.port)}.
        {lookup, [dns]}.
        {edns, 0}.
        {timeout, 2000}.
        {retry, 2}.
        {cache_size, 0}.

        """
    }

    /// Where the distribution keeps ejabberd's code, from the script that it ships.
    private static func libraryDirectory() throws(HarnessFailure) -> String {
        let script = contents(ofFile: "/usr/sbin/ejabberdctl")
        for line in script.split(separator: "\n") where line.hasPrefix("ERL_LIBS=") {
            return line.dropFirst("ERL_LIBS=".count).trimming { $0 == "'" || $0 == "\"" }
        }
        throw .programMissing("ejabberd (/usr/sbin/ejabberdctl)")
    }
}

extension Substring {
    fileprivate func trimming(_ isUnwanted: (Character) -> Bool) -> String {
        let front = drop(while: isUnwanted)
        return String(front[..<(front.lastIndex { !isUnwanted($0) }.map(front.index(after:)) ?? front.startIndex)])
    }
}
