internal import EventLoops

/// Takes the signals that end a program, on a loop of its own.
struct SignalTaking: Sendable {
    private let loop: EventLoop
    private let sources: [SignalSource]

    /// - Throws: ``SystemError`` when no descriptor is left.
    init(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let loop = try EventLoop(name: "signals")
        self.loop = loop
        var sources: [SignalSource] = []
        for signal in [ProcessSignal.interrupt, .terminate, .hangUp] {
            sources.append(try SignalSource(signal, on: loop, body: body))
        }
        self.sources = sources
    }

    /// Takes them no more.
    func end() {
        for source in sources { source.cancel() }
        loop.stop()
    }
}
