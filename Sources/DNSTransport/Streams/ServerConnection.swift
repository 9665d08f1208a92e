internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// Who made a connection and has to know when it ends.
protocol ServerConnectionOwner: AnyObject {
    /// The connection is over. `unanswered` were sent or waited to be, and are the owner's again.
    func connection(_ connection: ServerConnection, ended failure: QueryFailure, unanswered: [StreamQuery])
}

/// A connection to a name server that is kept for many queries (RFC 7766 §6.2): they are sent without waiting for each
/// other, and answers come in any order.
final class ServerConnection {
    private enum Phase {
        case opening
        case open(isAuthenticated: Bool)
        case ended
    }

    /// Whether nothing is sent unless the server has proved who it is.
    let demandsAuthentication: Bool
    /// Decides on a server's certificates; nil in clear.
    private let verification: ServerVerification?
    private let resources: ChannelResources
    private let idleTime: Duration
    private weak var owner: (any ServerConnectionOwner)?
    private var stream: MessageStream?
    private var phase = Phase.opening
    private var waiting: [StreamQuery] = []
    private var underWay: [UInt16: StreamQuery] = [:]
    private var idleTimer: LoopTimer?
    private var silentTimeouts = 0
    private var strayMessages = 0
    private var generator = SystemRandomNumberGenerator()

    /// Queries on the way at once; servers bound what one connection may have pending.
    private static let mostUnderWay = 100
    /// Queries that wait for their turn.
    private static let mostWaiting = 1000
    /// Messages that answer nothing, in a row. Late answers are among them, so that one is no reason to end.
    private static let mostStrayMessages = 256
    /// Queries in a row whose time passed without a message of any kind; one alone may have been a hard question.
    private static let mostSilentTimeouts = 2
    /// What every message begins with (RFC 1035 §4.1.1).
    private static let headerOctets = 12
    /// The bit of its third octet that tells responses from queries.
    private static let responseBit: UInt8 = 0x80

    /// Begins to connect.
    init(
        to address: SocketAddress, security: ConnectionSecurity?, demandsAuthentication: Bool, idleTime: Duration,
        _ resources: ChannelResources, owner: any ServerConnectionOwner
    ) {
        self.demandsAuthentication = demandsAuthentication
        verification = security?.verification
        self.resources = resources
        self.idleTime = idleTime
        self.owner = owner
        let stream = MessageStream(to: address, session: security?.session, resources, owner: self)
        self.stream = stream
        idleTimer = resources.loop.timer { [weak self] in self?.becameIdle() }
        stream.open()
    }

    /// Whether the server has proved who it is.
    var isAuthenticated: Bool {
        if case .open(true) = phase { true } else { false }
    }

    /// Whether messages can be sent at once.
    var isOpen: Bool {
        if case .open = phase { true } else { false }
    }

    /// Takes a query; false when too many wait already.
    func add(_ query: StreamQuery) -> Bool {
        guard waiting.count < Self.mostWaiting else { return false }
        query.connection = self
        query.identifier = nil
        waiting.append(query)
        idleTimer?.cancel()
        sendWaiting()
        return true
    }

    /// Ends now; queries are dropped without a word.
    func close() {
        phase = .ended
        idleTimer?.cancel()
        stream?.close()
        stream = nil
        waiting = []
        underWay = [:]
    }

    /// Nobody waits for the query any more; an answer that still comes will match nothing.
    func forget(_ query: StreamQuery) {
        if let identifier = query.identifier {
            if underWay[identifier] === query { underWay[identifier] = nil }
        } else {
            waiting.removeAll { $0 === query }
        }
        sendWaiting()
        restIfIdle()
    }

    /// As ``forget(_:)``; a connection on which nothing comes any more is given up, for the way may have gone.
    func timedOut(_ query: StreamQuery) {
        forget(query)
        guard isOpen, query.sent != nil else { return }
        silentTimeouts += 1
        if silentTimeouts >= Self.mostSilentTimeouts { end(.unreachable("the server fell silent")) }
    }

    private func sendWaiting() {
        guard case .open(let isAuthenticated) = phase, let stream else { return }
        while underWay.count < Self.mostUnderWay, !waiting.isEmpty {
            let query = waiting.removeFirst()
            // Whoever chooses the connection has seen to it; nothing must leave if that ever fails.
            guard isAuthenticated || !query.inquiry.requiresAuthentication else {
                fail(query, .notAuthenticated("the connection is not authenticated"))
                continue
            }
            var identifier = UInt16.random(in: 0...UInt16.max, using: &generator)
            while underWay[identifier] != nil { identifier &+= 1 }
            do throws(DNSMessageFailure) {
                let octets = try encoded(query.inquiry, identifier)
                query.identifier = identifier
                query.sent = resources.loop.now
                underWay[identifier] = query
                stream.send(octets)
            } catch {
                fail(query, .malformed(error))
            }
        }
    }

    /// Padded where nobody else can read it, so that its length does not tell what it is (RFC 7830 §6, DT-06).
    private func encoded(_ inquiry: Inquiry, _ identifier: UInt16) throws(DNSMessageFailure) -> [UInt8] {
        var query = inquiry.query(identifier: identifier)
        query.isPadded = verification != nil
        return try query.encode()
    }

    private func fail(_ query: StreamQuery, _ failure: QueryFailure) {
        query.connection = nil
        resources.loop.afterTurn { query.finish(.failed(failure)) }
    }

    /// Ends the query that a malformed message answers, or, where it answers none, the connection.
    ///
    /// What is wrong may be the records of a stranger's zone, which the server hands on as they are: they must not take
    /// the answers of all others with them.
    private func refuse(_ message: [UInt8], as failure: DNSMessageFailure) {
        guard message.count >= Self.headerOctets, message[2] & Self.responseBit != 0,
            let query = underWay.removeValue(forKey: UInt16(message[0]) << 8 | UInt16(message[1]))
        else { return end(.malformed(failure)) }
        query.connection = nil
        query.finish(.failed(.malformed(failure)))
        sendWaiting()
        restIfIdle()
    }

    private func restIfIdle() {
        guard isOpen, underWay.isEmpty, waiting.isEmpty else { return }
        idleTimer?.rearm(after: idleTime)
    }

    private func becameIdle() {
        guard isOpen, underWay.isEmpty, waiting.isEmpty else { return }
        end(.unreachable("closed by us after a while without questions"))
    }

    private func end(_ failure: QueryFailure) {
        if case .ended = phase { return }
        let unanswered = underWay.values.sorted { ($0.sent ?? .distantFuture) < ($1.sent ?? .distantFuture) } + waiting
        close()
        for query in unanswered { query.connection = nil }
        owner?.connection(self, ended: failure, unanswered: unanswered)
    }
}

extension ServerConnection: MessageStreamOwner {
    func messageStreamOpened(_ stream: MessageStream) {
        do throws(AuthenticationFailure) {
            if let verification {
                try verification.check(stream.peerCertificates, at: resources.wallClock())
                phase = .open(isAuthenticated: true)
            } else {
                phase = .open(isAuthenticated: false)
            }
        } catch {
            // Before anything has left (DP-01).
            if demandsAuthentication { return end(.notAuthenticated("\(error)")) }
            phase = .open(isAuthenticated: false)
        }
        sendWaiting()
        restIfIdle()
    }

    func messageStream(_ stream: MessageStream, received message: [UInt8]) {
        silentTimeouts = 0
        let response: DNSResponse
        do throws(DNSMessageFailure) {
            response = try DNSResponse(decoding: message)
        } catch {
            return refuse(message, as: error)
        }
        guard let query = underWay[response.identifier],
            query.inquiry.query(identifier: response.identifier).isAnswered(by: response)
        else {
            // Late for somebody who gave up, or a lie; either way it is not what was asked (DT-02).
            strayMessages += 1
            if strayMessages > Self.mostStrayMessages { end(.unreachable("the server sends what nobody asked")) }
            return
        }
        strayMessages = 0
        underWay[response.identifier] = nil
        query.connection = nil
        let isAuthenticated = isAuthenticated
        query.finish(.answered(response, isAuthenticated: isAuthenticated))
        sendWaiting()
        restIfIdle()
    }

    func messageStream(_ stream: MessageStream, ended failure: QueryFailure) {
        end(failure)
    }
}
