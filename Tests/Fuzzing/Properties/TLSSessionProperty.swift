internal import TransportSecurity

/// TLS: no plaintext before a handshake, none that the peer did not send, and a failure is for good.
///
/// The first octet says what is played: 0 and 1 give the rest to a server or a client that has just begun; 2 lets a
/// client and a server talk, with the rest as changes on the way, four octets each: which flight, where (two octets), what
/// to add; 3 gives the rest to both after a good handshake.
enum TLSSessionProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        guard let contexts else { throw PropertyViolation("the test's own contexts cannot be made") }
        let rest = Array(input.dropFirst())
        switch (input.first ?? 0) % 4 {
        case 0: try feedFresh(rest, TLSParty(contexts.server))
        case 1: try feedFresh(rest, TLSParty(contexts.client))
        case 2: try converse(contexts, changing: rest)
        default:
            var client = try TLSParty(contexts.client)
            var server = try TLSParty(contexts.server)
            try shake(&client, &server, changing: [])
            try require(client.isEstablished && server.isEstablished, "an unhindered handshake failed")
            try feed(rest, &client)
            try feed(rest, &server)
        }
    }

    private static func feedFresh(_ octets: [UInt8], _ party: TLSParty) throws(PropertyViolation) {
        var party = party
        party.start()
        try feed(octets, &party)
        try require(!party.isEstablished, "a handshake without a peer succeeded")
    }

    private static func feed(_ octets: [UInt8], _ party: inout TLSParty) throws(PropertyViolation) {
        let before = party.delivered
        for piece in InputDivision.pieces(of: octets, largest: 600) { try party.receive(piece) }
        try require(party.delivered == before, "plaintext from nobody: \(party.delivered)")
        party.end()
    }

    private static func converse(_ contexts: Contexts, changing changes: [UInt8]) throws(PropertyViolation) {
        var client = try TLSParty(contexts.client)
        var server = try TLSParty(contexts.server)
        try shake(&client, &server, changing: changes)
        try require(toServer.starts(with: server.delivered), "the client did not send \(server.delivered)")
        try require(toClient.starts(with: client.delivered), "the server did not send \(client.delivered)")
        client.end()
        server.end()
    }

    private static let toServer = Array("from the client".utf8)
    private static let toClient = Array("from the server".utf8)

    /// Carries flights to and fro until both are silent.
    private static func shake(
        _ client: inout TLSParty, _ server: inout TLSParty, changing changes: [UInt8]
    ) throws(PropertyViolation) {
        client.start()
        var flight: UInt8 = 0
        while flight < 16 {
            let upward = altered(client.takeOutput(), flight, changes)
            try server.receive(upward[...])
            server.sendOnce(toClient)
            let downward = altered(server.takeOutput(), flight + 1, changes)
            try client.receive(downward[...])
            client.sendOnce(toServer)
            if upward.isEmpty && downward.isEmpty { return }
            flight += 2
        }
        throw PropertyViolation("the handshake does not come to an end")
    }

    private static func altered(_ octets: [UInt8], _ flight: UInt8, _ changes: [UInt8]) -> [UInt8] {
        guard !octets.isEmpty else { return [] }
        var octets = octets
        for start in stride(from: 0, to: changes.count - changes.count % 4, by: 4) where changes[start] == flight {
            let place = (Int(changes[start + 1]) << 8 | Int(changes[start + 2])) % octets.count
            octets[place] &+= changes[start + 3]
        }
        return octets
    }

    /// One side in either role.
    struct Contexts: Sendable {
        let server: TLSContext
        let client: TLSContext
    }

    private static let contexts: Contexts? = {
        let template = CertificateTemplate(
            commonName: "a.example", names: [.dns("a.example")], notBefore: 0, notAfter: 4_102_444_800)
        guard let identity = try? CertificateAuthority.selfSigned(template).identity(),
            let server = try? TLSContext.server(defaultIdentity: identity),
            let client = try? TLSContext.client(identity: identity)
        else { return nil }
        return Contexts(server: server, client: client)
    }()
}
