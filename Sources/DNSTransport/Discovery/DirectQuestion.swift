internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// A question to one server, past the resolver: its answer is about the server itself.
final class DirectQuestion {
    typealias Completion = (AttemptOutcome) -> Void

    private var inquiry: Inquiry
    private let channels: EndpointChannels
    private let loop: EventLoop
    private var transports: [AnswerSource.Transport]
    private let ways: [AnswerSource.Transport]
    private let isOpportunistic: Bool
    private var completion: Completion?
    private var handle: (any QueryHandle)?
    private var timer: LoopTimer?

    /// How long one try may take.
    private static let patience = Duration.milliseconds(1200)

    /// - Parameters:
    ///   - server: What it speaks, and whether it has to prove who it is.
    ///   - completion: Called at most once, and never before ``start()`` has returned; not after ``cancel()``.
    init(
        _ inquiry: Inquiry, to server: UpstreamServer, through channels: EndpointChannels,
        on loop: EventLoop, completion: @escaping Completion
    ) {
        self.inquiry = inquiry
        self.channels = channels
        self.loop = loop
        self.completion = completion
        isOpportunistic = server.profile == .opportunistic
        ways =
            switch server.channel {
            case .cleartext: [.udp, .udp, .tcp]
            // The server's own timeouts are longer than ours; a second try finds the connection open.
            case .tls: [.tls, .tls]
            case .https: [.https, .https]
            }
        transports = ways
    }

    func start() { next(after: .timedOut) }

    func cancel() {
        completion = nil
        letGo()?.cancel()
    }

    private func next(after outcome: AttemptOutcome) {
        guard !transports.isEmpty else { return finish(outcome) }
        let transport = transports.removeFirst()
        do throws(QueryFailure) {
            let channel = try channels.channel(for: transport)
            handle = channel.ask(inquiry) { [weak self] in self?.ended($0, over: transport) }
            timer = loop.schedule(after: Self.patience) { [weak self] in
                self?.letGo()?.timedOut()
                self?.next(after: .timedOut)
            }
        } catch {
            loop.afterTurn { [weak self] in self?.finish(.failed(error)) }
        }
    }

    private func ended(_ outcome: AttemptOutcome, over transport: AnswerSource.Transport) {
        _ = letGo()
        switch outcome {
        case .answered(let response, _, _) where response.isTruncated && transport == .udp:
            transports = [.tcp]
            next(after: outcome)
        case .failed(.notAuthenticated) where isOpportunistic && inquiry.requiresAuthentication:
            // Encrypted at least, as its profile has it (DP-03).
            inquiry.requiresAuthentication = false
            transports = ways
            next(after: outcome)
        case .answered, .failed(.notAuthenticated):
            finish(outcome)
        case .failed, .timedOut:
            next(after: outcome)
        }
    }

    private func finish(_ outcome: AttemptOutcome) {
        let completion = completion
        cancel()
        completion?(outcome)
    }

    private func letGo() -> (any QueryHandle)? {
        defer { (handle, timer) = (nil, nil) }
        timer?.cancel()
        return handle
    }
}
