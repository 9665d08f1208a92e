import Administration
import Diagnostics
import DomainAssociation
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Somebody who answers for `b.example` in DNS or on the way to its server, and has every certificate but its key. What the
/// operator has said of that key binds, whichever way the domain is proved.
@Suite("attacks by dialback on domains whose key is given")
struct DialbackConditionTests {
    /// What the operator has said.
    private enum Condition: String, CaseIterable { case refusesOthers, pinned, published, publishedNowhere }

    private static func stage(_ condition: Condition, _ level: String, _ own: IssuedCertificate) throws -> DialbackStage
    {
        let key = own.certificate.subjectPublicKeyInfoSHA256
        var records = ""
        var knownKeys = KnownKeys()
        let line: String
        switch condition {
        case .refusesOthers:
            line = "key_change = \"refuse\""
            let fingerprint = KnownKey.fingerprint(of: key)
            knownKeys = KnownKeys(
                try KeyMemory(
                    text: "ligase known keys 1\nb.example \(fingerprint) pkix first 1700000000 1700000000\nend 1\n"))
        case .pinned: line = "pin_sha256 = [\"\(Base64.encode(key))\"]"
        case .published:
            line = "dane = \"required\""
            records = "_PORT._tcp.host \(Network.tlsa(3, 1, of: own.certificate))"
        case .publishedNowhere: line = "dane = \"required\""
        }
        return try DialbackStage(
            records, level: level, federation: "dane = \"off\"",
            settings: "[[remote]]\nname = \"b.example\"\n\(line)\n[timeouts]\nretry_after_failure = []", isSigned: true,
            knownKeys: knownKeys)
    }

    /// What the impostor presents: a certificate that every authority vouches for, or one of his own.
    private static func impostors() throws -> [IssuedCertificate] {
        [try Network.issue("b.example", "c.example"), try Network.selfSigned("b.example")]
    }

    /// Answers a question that should not come, and one that came; whether one came.
    private static func lies(_ authority: Peer, as issued: IssuedCertificate, about id: String) -> Bool {
        guard (try? authority.serveDialback("b.example", with: issued)) != nil else { return false }
        try? authority.send(Peer.verify("", from: "b.example", to: "a.example", id: id, type: "valid"))
        guard let question = try? authority.readDialback("verify", within: .milliseconds(300)) else { return false }
        try? authority.answer(question, "valid")
        return true
    }

    // MARK: - In

    /// How the impostor comes.
    private enum Way: CaseIterable { case alone, withCertificate, beside }

    @Test(arguments: Condition.allCases, ["authenticated", "encrypted", "verified"])
    private func `TP-09, DA-08, OW-03, PA-05: no dialback and no assertion leads past what is said of a key`(
        condition: Condition, level: String
    ) async throws {
        try await script {
            let own = try Network.issue("b.example")
            for issued in try Self.impostors() {
                for way in Way.allCases {
                    let stage = try Self.stage(condition, level, own)
                    let peer: Peer
                    let id: String
                    switch way {
                    case .alone: (peer, id) = try stage.calling()
                    // At the server there is the same one, so that nobody would have to be asked (DK-07).
                    case .withCertificate: (peer, id) = try stage.calling(presenting: issued)
                    case .beside:
                        peer = try stage.secured(from: "c.example", presenting: Network.issue("c.example"))
                        try peer.authenticate(from: "c.example", to: "a.example", extra: Peer.dialbackNamespace)
                        id = "unknown"
                    }
                    try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
                    let authority = try Peer(accepted: stage.listener.accept())
                    let wasAsked = Self.lies(authority, as: issued, about: id)
                    #expect(!wasAsked, "\(way)")
                    #expect(try peer.readDialback("result").verdict.hasPrefix("error"), "\(way)")
                    #expect(stage.associations.allSatisfy { $0.remote.description == "c.example" }, "\(way)")
                    // RT-02: and his stanzas are nobody's.
                    try peer.send(Peer.message("u@b.example", "x@a.example", "forged"))
                    let end = try peer.readToEnd()
                    #expect(end.contains(way == .beside ? "<invalid-from" : "<not-authorized"), "\(way): \(end)")
                    #expect(try stage.component.receiveNothingMore().isEmpty)
                }
            }
        }
    }

    @Test(arguments: Condition.allCases.filter { $0 != .publishedNowhere }, ["authenticated", "encrypted", "verified"])
    private func `TP-09, DA-08, OW-03: the server with the right key has its say at every level`(
        condition: Condition, level: String
    ) async throws {
        try await script {
            let own = try Network.issue("b.example")
            let stage = try Self.stage(condition, level, own)
            let (peer, _) = try stage.calling()
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            let authority = try stage.authority(with: own)
            try authority.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try stage.passes(peer, "in"))
            try stage.send("out")
            let target = try Peer(accepted: stage.listener.accept())
            try target.serveDialback("b.example", with: own)
            try target.answerKey("valid")
            #expect(try target.read(until: "</message>").contains("out"))
        }
    }

    @Test(arguments: Condition.allCases, ["authenticated", "encrypted", "verified"])
    private func `TP-09, DA-08, OW-02, OW-03: who is asked about one domain is not heard about one whose key is given`(
        condition: Condition, level: String
    ) async throws {
        try await script {
            let stage = try Self.stage(condition, level, Network.issue("b.example"))
            // A good server of his own domain, with a certificate that every authority has issued for both.
            let issued = try Network.issue("c.example", "b.example")
            let (peer, id) = try stage.calling(from: "c.example")
            try peer.send(Peer.result("key", from: "c.example", to: "a.example"))
            let authority = try stage.authority("c.example", with: issued)
            try authority.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            try authority.send(Peer.verify("", from: "b.example", to: "a.example", id: id, type: "valid"))
            if let other = try? stage.listener.accept(within: .seconds(4)) {
                #expect(!Self.lies(Peer(accepted: other), as: issued, about: id))
            }
            #expect(try peer.readDialback("result").verdict.hasPrefix("error"))
            #expect(try !authority.readWhatComes(within: .milliseconds(50)).contains("b.example"))
            #expect(stage.associations.map(\.remote.description) == ["c.example"])
        }
    }

    // MARK: - Out

    @Test(arguments: Condition.allCases, ["authenticated", "encrypted", "verified"])
    private func `TP-09, DA-08, PS-02: no key of ours goes to a server with another key, dialled for it or for others`(
        condition: Condition, level: String
    ) async throws {
        try await script {
            let own = try Network.issue("b.example")
            for issued in try Self.impostors() {
                for isSupposed in [false, true] {
                    let stage = try Self.stage(condition, level, own)
                    var shared: Peer?
                    if isSupposed {
                        try stage.component.send(Peer.message("x@a.example", "u@c.example", "first"))
                        let peer = try Peer(accepted: stage.listener.accept())
                        try peer.serve(
                            "c.example", with: Network.issue("c.example", "b.example"), features: Peer.dialbackOffer)
                        #expect(try peer.read(until: "</message>").contains("first"))
                        shared = peer
                    }
                    try stage.send("secret")
                    let peer = try Peer(accepted: stage.listener.accept())
                    #expect(throws: HarnessFailure.self) {
                        try peer.serveDialback("b.example", with: issued)
                        try peer.answerKey("valid")
                    }
                    #expect(!String(decoding: peer.received, as: UTF8.self).contains("secret"))
                    #expect(try stage.bounce().contains("type='error'"))
                    #expect(stage.associations.allSatisfy { $0.remote.description == "c.example" })
                    if let shared {
                        let rest = try shared.readWhatComes(within: .milliseconds(50))
                        #expect(!rest.contains("b.example"))
                    }
                }
            }
        }
    }

    // MARK: - In clear

    @Test(arguments: Condition.allCases)
    private func `TP-09, PT-05, DB-21: who leaves TLS out has no key, and does not pass for one that is given`(
        condition: Condition
    ) async throws {
        try await script {
            let stage = try Self.stage(condition, "verified", Network.issue("b.example"))
            func refuseTLS(_ peer: Peer) throws {
                try peer.serveDialbackHeader("b.example")
                try peer.read(until: Peer.startTLS)
                try peer.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
            }
            func serveInClear() throws {
                try refuseTLS(Peer(accepted: stage.listener.accept()))
                // Where TLS is demanded nobody comes again.
                guard let peer = try? Peer(accepted: stage.listener.accept(within: .seconds(2))) else { return }
                _ = try? peer.serveDialbackHeader("b.example")
                _ = try? peer.answerKey("valid")
                _ = try? peer.answerQuestion("valid")
                #expect(!String(decoding: peer.received, as: UTF8.self).contains("<db:"))
            }
            let peer = try Peer(dialling: stage.node.s2s)
            try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            try serveInClear()
            #expect(try peer.readDialback("result").verdict.hasPrefix("error"))
            try stage.send("secret")
            try serveInClear()
            #expect(try stage.bounce().contains("type='error'"))
            #expect(stage.associations.isEmpty)
        }
    }
}
