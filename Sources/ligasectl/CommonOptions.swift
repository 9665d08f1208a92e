internal import Administration
internal import ArgumentParser

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's control socket.", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "The daemon's configuration: says where its control socket is, and for resolve and check whom to ask and "
                + "trust (default: \(ControlSocketLocation.defaultFile)).",
            valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Give up when the daemon is silent for so long.", valueName: "seconds"))
    var timeout: Int?

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        if let socket, socket.isEmpty { throw ValidationError("--socket needs a path") }
        if let timeout, !(1...86_400).contains(timeout) {
            throw ValidationError("--timeout takes 1 to 86400 seconds")
        }
    }

    /// Asks the daemon and prints its answer.
    ///
    /// - Parameter patience: Seconds to wait where `--timeout` says nothing.
    func perform(_ request: AdministrationRequest, patience: Int = 30) throws {
        do throws(AdministrationFailure) {
            let location = try ControlSocketLocation(socket: socket, configuration: config)
            let reply = try ControlClient(location: location, timeout: timeout ?? patience).send(request)
            if case .failed(let failure) = reply { throw failure }
            try Output.write(reply, asJSON: json)
        } catch {
            throw Output.exit(after: error)
        }
    }
}
