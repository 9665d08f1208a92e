import TransportSecurity

/// A client and a server joined in memory.
final class SessionPair {
    let client: TLSSession
    let server: TLSSession
    var toServer: [UInt8] = []
    var toClient: [UInt8] = []
    var receivedByServer: [UInt8] = []
    var receivedByClient: [UInt8] = []
    /// How often plaintext was handed over on either side.
    var deliveries = 0
    private let scratch = PlaintextBuffer()

    init(client: TLSSession, server: TLSSession) {
        self.client = client
        self.server = server
    }

    convenience init(
        server identity: TLSIdentity, client clientIdentity: TLSIdentity? = nil,
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13, serverName: String? = nil,
        offered: [String] = [], accepted: [String] = [],
        identities: @escaping @Sendable (String) -> TLSIdentity? = { _ in nil }
    ) throws {
        let serverContext = try TLSContext.server(defaultIdentity: identity, versions: versions, identities: identities)
        let clientContext = try TLSContext.client(identity: clientIdentity, versions: versions)
        self.init(
            client: try TLSSession(context: clientContext, serverName: serverName, applicationProtocols: offered),
            server: try TLSSession(context: serverContext, applicationProtocols: accepted))
    }

    /// Exchanges what lies in both directions, in pieces of at most `chunk` octets, until nothing is left.
    func pump(chunk: Int = .max) throws(TLSFailure) {
        while !toServer.isEmpty || !toClient.isEmpty {
            for piece in Self.pieces(of: &toServer, chunk) { try deliverToServer(Array(piece)) }
            for piece in Self.pieces(of: &toClient, chunk) { try deliverToClient(Array(piece)) }
        }
    }

    func handshake(chunk: Int = .max) throws(TLSFailure) {
        try client.startHandshake(output: &toServer)
        try server.startHandshake(output: &toClient)
        try pump(chunk: chunk)
    }

    @discardableResult
    func deliverToServer(_ bytes: [UInt8]) throws(TLSFailure) -> TLSSession.Progress {
        try deliver(bytes, to: server, output: &toClient, into: &receivedByServer)
    }

    @discardableResult
    func deliverToClient(_ bytes: [UInt8]) throws(TLSFailure) -> TLSSession.Progress {
        try deliver(bytes, to: client, output: &toServer, into: &receivedByClient)
    }

    /// Delivers what a server that has failed still left for its client.
    func deliverLastWords() throws(TLSFailure) {
        try deliverToClient(toClient)
    }

    func sendFromClient(_ bytes: [UInt8]) throws(TLSFailure) {
        try Self.send(bytes, from: client, output: &toServer)
    }

    func sendFromServer(_ bytes: [UInt8]) throws(TLSFailure) {
        try Self.send(bytes, from: server, output: &toClient)
    }

    private func deliver(
        _ bytes: [UInt8], to session: TLSSession, output: inout [UInt8], into received: inout [UInt8]
    ) throws(TLSFailure) -> TLSSession.Progress {
        var plaintext: [UInt8] = []
        let outcome: Result<TLSSession.Progress, TLSFailure> = bytes.withUnsafeBytes { buffer in
            do throws(TLSFailure) {
                return .success(
                    try session.receive(buffer, scratch: scratch, output: &output) {
                        plaintext += $0
                        deliveries += 1
                    })
            } catch {
                return .failure(error)
            }
        }
        received += plaintext
        return try outcome.get()
    }

    private static func send(_ bytes: [UInt8], from session: TLSSession, output: inout [UInt8]) throws(TLSFailure) {
        let outcome: Result<Void, TLSFailure> = bytes.withUnsafeBytes { buffer in
            do throws(TLSFailure) {
                return .success(try session.send(buffer, output: &output))
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    private static func pieces(of bytes: inout [UInt8], _ size: Int) -> [ArraySlice<UInt8>] {
        let all = bytes
        bytes = []
        guard size < all.count else { return [all[...]] }
        return stride(from: 0, to: all.count, by: size).map { all[$0..<min($0 + size, all.count)] }
    }
}
