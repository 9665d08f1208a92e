internal import EventLoops
internal import NameResolution
internal import TransportSecurity

/// Asks one server on connections that are kept: over TCP in clear (RFC 7766), or over TLS (RFC 7858).
///
/// At most two connections are in use: one whose server has proved who it is, and one for those who do not ask for
/// that. What had to be authenticated never travels on the other.
final class StreamChannel {
    /// What TLS needs; nil in clear.
    struct Encryption {
        let context: Result<TLSContext, TLSContextFailure>
        let verification: ServerVerification
    }

    private let address: SocketAddress
    private let encryption: Encryption?
    private let resources: ChannelResources
    private var connections: [ServerConnection] = []
    private var isShutDown = false

    /// How long an idle connection is kept: in clear a new one is cheap (RFC 7766 §6.2.3).
    private static let idleTime = (clear: Duration.seconds(10), encrypted: Duration.seconds(60))
    /// The token of DNS over TLS (RFC 7858 §3.1 leaves it out; IANA has it).
    private static let applicationProtocol = "dot"

    init(to address: SocketAddress, encryption: Encryption?, _ resources: ChannelResources) {
        self.address = address
        self.encryption = encryption
        self.resources = resources
    }

    private func place(_ query: StreamQuery) {
        let needsProof = query.inquiry.requiresAuthentication
        let usable = connections.filter { connection in
            // One that is still opening and may not come up for others must not keep those waiting who need no proof.
            connection.isOpen
                ? connection.isAuthenticated || !needsProof : connection.demandsAuthentication == needsProof
        }
        if let connection = usable.first(where: \.isAuthenticated) ?? usable.first {
            if !connection.add(query) { fail(query, .unreachable("too many questions wait for it already")) }
            return
        }
        do throws(TLSContextFailure) {
            let connection = ServerConnection(
                to: address, security: try makeSecurity(), demandsAuthentication: needsProof,
                idleTime: encryption == nil ? Self.idleTime.clear : Self.idleTime.encrypted, resources, owner: self)
            connections.append(connection)
            _ = connection.add(query)
        } catch {
            fail(query, .encryptionFailed("\(error)"))
        }
    }

    private func makeSecurity() throws(TLSContextFailure) -> ConnectionSecurity? {
        guard let encryption else { return nil }
        let context = try encryption.context.get()
        let name = encryption.verification.authentication.name.map { ReferenceIdentity($0) }
        let session = try TLSSession(
            context: context, serverName: name?.serverName, applicationProtocols: [Self.applicationProtocol])
        return ConnectionSecurity(session: session, verification: encryption.verification)
    }

    private func fail(_ query: StreamQuery, _ failure: QueryFailure) {
        resources.loop.afterTurn { query.finish(.failed(failure)) }
    }
}

extension StreamChannel: QueryChannel {
    func ask(_ inquiry: Inquiry, completion: @escaping (AttemptOutcome) -> Void) -> any QueryHandle {
        let query = StreamQuery(inquiry, completion: completion)
        if isShutDown {
            query.cancel()
        } else if inquiry.requiresAuthentication, encryption?.verification.authentication.isPossible != true {
            fail(query, .notAuthenticated("\(AuthenticationFailure.nothingToCompare)"))
        } else {
            place(query)
        }
        return query
    }

    func shutDown() {
        isShutDown = true
        for connection in connections { connection.close() }
        connections = []
    }
}

extension StreamChannel: ServerConnectionOwner {
    func connection(_ connection: ServerConnection, ended failure: QueryFailure, unanswered: [StreamQuery]) {
        connections.removeAll { $0 === connection }
        // Servers close when they please: what was asked is asked once more (RFC 7766 §6.2.4, DT-03).
        for query in unanswered where query.isWanted {
            let wasSent = query.identifier != nil
            guard wasSent, !query.wasRepeated, case .unreachable = failure else {
                query.finish(.failed(failure))
                continue
            }
            query.wasRepeated = true
            place(query)
        }
    }
}
