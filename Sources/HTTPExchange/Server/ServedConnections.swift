internal import CMicroHTTPD
internal import EventLoops

/// The connections of one server; owns libmicrohttpd's daemon.
///
/// The library is called when its own readiness set says so and when there is news for it, and never from within one of
/// its callbacks.
final class ServedConnections {
    private let loop: EventLoop
    private let limits: HTTPServerLimits
    private let decide: HTTPServer.Decider
    /// Nil once closed.
    private var daemon: OpaquePointer?
    private var watch: DescriptorWatch?
    private var timer: LoopTimer?
    private var isRunning = false
    /// Where the connection comes from that is being handed over; the library calls back before it returns.
    private var arriving: AddressPrefix?
    private var connectionsOf: [AddressPrefix: Int] = [:]
    private var searches: [Int: ServedConnection] = [:]
    private var lastSearch = 0

    /// How many there are.
    private(set) var count = 0

    init(
        on loop: EventLoop, limits: HTTPServerLimits, decide: @escaping HTTPServer.Decider
    ) throws(HTTPServerFailure) {
        self.loop = loop
        self.limits = limits
        self.decide = decide
        timer = loop.timer(precise: true) { [weak self] in self?.run() }
        // A margin: who is over the limit is refused before the library hears of it.
        daemon = ligase_http_start(
            callbacks(), UInt32(clamping: limits.connections + 16), limits.headerBytes)
        guard let daemon else { throw .notMade }
        do throws(SystemError) {
            watch = try DescriptorWatch(ligase_http_readiness(daemon), for: .reading, on: loop) {
                [weak self] _ in self?.run()
            }
        } catch {
            close()
            throw .notWatched(error)
        }
    }

    deinit { close() }

    // MARK: Coming and going

    func hasRoom(for peer: SocketAddress?) -> Bool {
        guard daemon != nil, count < limits.connections else { return false }
        // A unix socket has no addresses, and who may reach it is a matter of its permissions.
        guard let prefix = peer?.prefix64 else { return true }
        return connectionsOf[prefix, default: 0] < limits.connectionsPerAddress
    }

    func take(_ socket: AcceptedSocket) {
        guard let daemon, let descriptor = socket.relinquish() else { return }
        arriving = socket.peerAddress?.prefix64
        _ = ligase_http_add(daemon, descriptor)
        arriving = nil
        run()
    }

    /// Ends every connection; searches that go on are for nobody.
    func close() {
        guard let daemon else { return }
        watch?.cancel()
        watch = nil
        timer?.cancel()
        timer = nil
        // The library may not be stopped while a connection waits.
        for connection in searches.values { connection.resume(with: .unavailable) }
        searches = [:]
        self.daemon = nil
        MHD_stop_daemon(daemon)
    }

    private func began(_ handle: OpaquePointer) -> ServedConnection {
        count += 1
        if let arriving { connectionsOf[arriving, default: 0] += 1 }
        let connection = ServedConnection(handle, from: arriving)
        connection.deadline = loop.schedule(after: limits.requestTime) { [weak self, weak connection] in
            if let connection { self?.expire(connection) }
        }
        return connection
    }

    private func ended(_ connection: ServedConnection) {
        count -= 1
        connection.deadline?.cancel()
        if let search = connection.search { searches[search] = nil }
        guard let prefix = connection.prefix, let others = connectionsOf[prefix] else { return }
        connectionsOf[prefix] = others > 1 ? others - 1 : nil
    }

    private func expire(_ connection: ServedConnection) {
        if let search = connection.search {
            // Who does not take that answer either loses the connection, like everybody else.
            connection.deadline?.rearm(after: limits.requestTime)
            answer(search, .unavailable)
        } else {
            // The library sees the end of the connection, and tells of it.
            connection.abandon()
            run()
        }
    }

    // MARK: Answering

    private func requested(_ connection: ServedConnection, _ request: HTTPServerRequest) -> Bool {
        switch decide(request) {
        case .answer(let response): return connection.send(response)
        case .find(let body):
            lastSearch += 1
            let number = lastSearch
            connection.suspend(for: number)
            searches[number] = connection
            let reference = WeakLoopReference(self, on: loop)
            Task {
                let response = await body()
                reference.post { $0.answer(number, response) }
            }
            return true
        }
    }

    private func answer(_ search: Int, _ response: HTTPServerResponse) {
        guard let connection = searches.removeValue(forKey: search) else { return }
        connection.resume(with: response)
        run()
    }

    private func completed(_ connection: ServedConnection) {
        connection.requestEnded()
        connection.deadline?.rearm(after: limits.requestTime)
    }

    // MARK: Calling the library

    private func run() {
        guard let daemon, !isRunning else { return }
        isRunning = true
        MHD_run(daemon)
        isRunning = false
        let wait = ligase_http_wait(daemon)
        if wait < 0 { timer?.cancel() } else { timer?.rearm(after: .milliseconds(wait)) }
    }

    // MARK: Called by the library

    private func callbacks() -> ligase_http_callbacks {
        ligase_http_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(),
            requested: { context, handle, target, method, version, _, size, request in
                guard let owner = ServedConnections.from(context), let handle, let request, let size,
                    let connection = ServedConnection.of(handle)
                else { return ligase_http_result(0) }
                let isFirstCall = request.pointee == nil
                request.pointee = context
                let isGood = owner.called(
                    connection, isFirstCall: isFirstCall,
                    RequestLine(target: target, method: method, version: version), contentBytes: &size.pointee)
                return ligase_http_result(isGood ? 1 : 0)
            },
            completed: { context, handle, _, _ in
                guard let owner = ServedConnections.from(context), let handle,
                    let connection = ServedConnection.of(handle)
                else { return }
                owner.completed(connection)
            },
            changed: { context, handle, object, event in
                guard let owner = ServedConnections.from(context), let handle, let object else { return }
                if ligase_http_began(event) != 0 {
                    object.pointee = Unmanaged.passRetained(owner.began(handle)).toOpaque()
                } else if let place = object.pointee {
                    owner.ended(Unmanaged<ServedConnection>.fromOpaque(place).takeRetainedValue())
                    object.pointee = nil
                }
            })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> ServedConnections? {
        context.map { Unmanaged<ServedConnections>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The library calls when the header is there, for every piece of content, and when the request is complete, and
    /// again when a connection goes on that had to wait.
    private func called(
        _ connection: ServedConnection, isFirstCall: Bool, _ line: RequestLine, contentBytes: inout Int
    ) -> Bool {
        guard !connection.hasAnswered else {
            contentBytes = 0
            return true
        }
        if let response = connection.takeFound() { return connection.send(response) }
        let request = connection.request(line)
        // A proxy before us may have read another request, or two; nothing behind this one is read then.
        let isClear = request.fields.allSatisfy(\.hasOneMeaning)
        if isFirstCall, isClear, !request.hasContent { return true }
        connection.requests += 1
        connection.isLast =
            !isClear || request.hasContent || connection.requests >= limits.requestsPerConnection
        contentBytes = 0
        guard isClear else { return connection.send(.unclear) }
        return requested(connection, request)
    }
}

extension HTTPServerResponse {
    /// Nothing was found in time.
    fileprivate static let unavailable = text(503, "no answer in time\n")
    /// The request may mean several things.
    fileprivate static let unclear = text(400, "a header field is malformed\n")

    private static func text(_ status: Int, _ text: String) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status,
            fields: [HTTPField("Content-Type", "text/plain; charset=utf-8"), HTTPField("Cache-Control", "no-store")],
            body: Array(text.utf8))
    }
}
