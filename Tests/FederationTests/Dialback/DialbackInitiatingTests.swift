import Administration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Our part as the initiating server: we present keys, and wait for what is made of them.
@Suite("dialback as the initiating server")
struct DialbackInitiatingTests {
    private static let external =
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"
    private static let notAuthorized =
        "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"

    private static func asks(_ stage: DialbackStage, _ key: DialbackText, id: String) throws -> String {
        let (peer, _) = try stage.calling(from: "z.example")
        try peer.send(Peer.verify(key.content, from: "b.example", to: "a.example", id: id))
        return try peer.readDialback("verify").verdict
    }

    @Test(arguments: ["encrypted", "authenticated"], [1, 2])
    func `DB-01, DB-03, DB-04, DK-04, SE-11: where EXTERNAL is not offered, a key proves us, and stanzas wait for it`(
        level: String, loops: Int
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: level, loops: loops)
            for number in 0..<5 { try stage.send("\(number)") }
            let peer = try Peer(accepted: stage.listener.accept())
            let header = try peer.serveDialback("b.example")
            #expect(header.contains(" xmlns:db='jabber:server:dialback'"))
            let key = try peer.readDialback("result")
            #expect(key.from == "a.example" && key.to == "b.example" && key.content.count == 64)
            // The identifier of the stream under TLS is the one that counts, and it is we who answer for the key.
            #expect(try Self.asks(stage, key, id: "id-of-b.example") == "valid")
            try stage.send("5")
            #expect(try peer.readWhatComes(within: .milliseconds(100)).isEmpty)
            try peer.send(Peer.result("", from: "b.example", to: "a.example", type: "valid"))
            for number in 0...5 { #expect(try peer.read(until: "</message>").contains(">\(number)<")) }
            #expect(try stage.association(.outbound).mechanism == "server-identity")
            #expect(stage.isUntouched)
        }
    }

    // MARK: - Who will not have our certificate

    @Test func `SE-11, DB-01: EXTERNAL refused, dialback follows on the same stream`() async throws {
        try await script {
            let stage = try DialbackStage(level: "authenticated")
            try stage.send("kept")
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.serveDialback("b.example", features: Self.external + Peer.dialbackOffer)
            #expect(peer.session?.peerCertificates.isEmpty == false)
            try peer.read(until: "</auth>")
            try peer.send(Self.notAuthorized)
            let key = try peer.answerKey("valid")
            #expect(try peer.read(until: "</message>").contains("kept"))
            #expect(try Self.asks(stage, key, id: "id-of-b.example") == "valid")
            #expect(stage.isUntouched)
        }
    }

    private enum Refusal: CaseIterable {
        case closesOverAuthentication, resetsOverAuthentication, errorOverAuthentication, closesAfterFailure
        case alert12, alert13, endsAfterHandshake, resetsAfterHandshake, closesInsteadOfFeatures
    }

    private static func refuse(_ peer: Peer, _ refusal: Refusal) throws {
        let identity = try Network.issue("b.example").identity()
        switch refusal {
        case .alert12, .alert13, .endsAfterHandshake, .resetsAfterHandshake:
            try peer.serveHeader("b.example", Peer.offer)
            try peer.read(until: Peer.startTLS)
            try peer.send(Peer.proceed)
        default: break
        }
        switch refusal {
        case .alert12, .alert13:
            let version = refusal == .alert12 ? TLSVersion.tls12 : .tls13
            #expect(throws: HarnessFailure.self) {
                try peer.secureAsServer(with: identity, versions: version...version, refusesCertificates: true)
            }
            #expect(peer.failure != nil)
        case .endsAfterHandshake:
            try peer.secureAsServer(with: identity)
            try peer.sendCloseNotify()
        case .resetsAfterHandshake: try peer.secureAsServer(with: identity)
        case .closesInsteadOfFeatures:
            try peer.serveUntilSecured("b.example")
            try peer.read(until: "<stream:stream")
            try peer.send(
                Peer.header(from: "b.example", to: nil, id: "x", extra: Peer.dialbackNamespace)
                    + "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                    + "</stream:stream>")
        case .closesOverAuthentication, .resetsOverAuthentication, .errorOverAuthentication, .closesAfterFailure:
            try peer.serveDialback("b.example", features: Self.external + Peer.dialbackOffer)
            try peer.read(until: "</auth>")
            switch refusal {
            case .closesOverAuthentication: try peer.send("</stream:stream>")
            case .errorOverAuthentication:
                try peer.send(
                    "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                        + "</stream:stream>")
            case .closesAfterFailure: try peer.send(Self.notAuthorized + "</stream:stream>")
            default: break
            }
        }
    }

    @Test(arguments: Refusal.allCases)
    private func `SE-11: who ends the connection over our certificate is dialled again without, and nothing is lost`(
        refusal: Refusal
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: "authenticated")
            try stage.send("kept")
            do {
                let peer = try Peer(accepted: stage.listener.accept())
                try Self.refuse(peer, refusal)
            }
            let next = try Peer(accepted: stage.listener.accept())
            try next.serveDialback("b.example", features: Self.external + Peer.dialbackOffer)
            #expect(next.session?.peerCertificates.isEmpty == true)
            try next.answerKey("valid")
            #expect(try next.read(until: "</message>").contains("kept"))
            #expect(try next.readWhatComes(within: .milliseconds(50)).isEmpty)
            #expect(try stage.component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `SE-11: who refuses us without a certificate as well has refused us, after two connections`()
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            try stage.send()
            for _ in 0..<2 {
                let peer = try Peer(accepted: stage.listener.accept())
                try peer.serveUntilSecured("b.example")
            }
            #expect(try stage.bounce().contains("remote-server-timeout"))
            #expect(stage.isUntouched)
        }
    }

    @Test func `TL-10, OW-01: with present_certificate = false nobody sees our certificate, and dialback proves us`()
        async throws
    {
        try await script {
            let stage = try DialbackStage(level: "authenticated", tls: "present_certificate = false")
            try stage.send()
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.serveDialback("b.example", features: Self.external + Peer.dialbackOffer)
            #expect(peer.session?.peerCertificates.isEmpty == true)
            try peer.answerKey("valid")
            #expect(try peer.read(until: "</message>").contains("hello"))
        }
    }

    // MARK: - Who will not have our key

    /// What a peer makes of our key, and with what the stanza comes back.
    private static let answers: [(answer: String, condition: String)] = [
        ("<db:result from='b.example' to='a.example' type='invalid'/>", "internal-server-error"),
        ("<db:result from='b.example' to='a.example' type='invalid'/></stream:stream>", "internal-server-error"),
        (Peer.result(Peer.failing("item-not-found"), from: "b.example", to: "a.example", type: "error"), "timeout"),
        (Peer.result(Peer.failing("gibberish"), from: "b.example", to: "a.example", type: "error"), "timeout"),
        ("<db:result from='b.example' to='a.example' type='error'/>", "timeout"), ("</stream:stream>", "timeout"),
        ("<db:result from='b.example' to='a.example' type='perhaps'/>", "timeout"),
        (
            "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
            "timeout"
        ), ("", "timeout"),
    ]

    @Test(arguments: answers)
    func `DB-06, DB-07, DB-08, DB-23: every other answer returns what waits, and a late one changes nothing`(
        expectation: (answer: String, condition: String)
    ) async throws {
        try await script {
            let isTimed = expectation.answer.isEmpty || expectation.answer.contains("perhaps")
            let stage = try DialbackStage(settings: "[timeouts]\ndialback = \(isTimed ? 3 : 30)")
            try stage.send("1")
            try stage.send("2")
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.serveDialback("b.example")
            try peer.readDialback("result")
            try peer.send(expectation.answer)
            for _ in 0..<2 {
                let error = try stage.bounce()
                #expect(error.contains(expectation.condition), "\(error)")
            }
            try? peer.send(Peer.result("", from: "b.example", to: "a.example", type: "valid"))
            #expect(try !peer.readToEnd().contains("<message"))
            #expect(stage.associations.isEmpty && stage.node.metric(.stanzasSent) == 0)
        }
    }

    @Test func `SE-11: without dialback and without EXTERNAL there is no way to be proved, and the sender is told`()
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            try stage.send()
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.serveUntilSecured("b.example")
            try peer.serveHeader("b.example", "<stream:features/>")
            #expect(try stage.bounce().contains("EXTERNAL"))
            #expect(try !peer.readToEnd().contains("db:result key"))
        }
    }

    // MARK: - Answers that nobody asked for

    /// What a peer says before or beside its answer.
    private static let forgeries: [String] = [
        "<db:result from='c.example' to='a.example' type='valid'/>",
        "<db:result from='b.example' to='rooms.example' type='valid'/>",
        "<db:result from='a.example' to='b.example' type='valid'/>",
        "<db:verify from='b.example' to='a.example' id='id-of-b.example' type='valid'/>",
    ]

    @Test(arguments: forgeries)
    func `DB-09: an answer for another pair, the other way or to no question opens nothing`(forgery: String)
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            try stage.send()
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.serveDialback("b.example")
            try peer.readDialback("result")
            try peer.send(forgery)
            #expect(try peer.readWhatComes(within: .milliseconds(50)).isEmpty)
            #expect(stage.associations.isEmpty)
            try peer.send(Peer.result("", from: "b.example", to: "a.example", type: "valid"))
            #expect(try peer.read(until: "</message>").contains("hello"))
            try peer.send(forgery)
            try stage.send("again")
            #expect(try peer.read(until: "</message>").contains("again"))
            #expect(stage.associations.map { "\($0.local) \($0.remote)" } == ["a.example b.example"])
        }
    }
}
