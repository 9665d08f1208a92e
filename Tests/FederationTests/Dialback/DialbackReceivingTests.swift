import Administration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Our part as the receiving server: a peer presents a key, and we find out whether it is its domain's.
@Suite("dialback as the receiving server")
struct DialbackReceivingTests {
    // MARK: - A key that is good

    @Test(arguments: [nil, "self-signed"], [1, 2])
    func `OW-01, OW-02, DB-02, DB-12, DB-15: who has no certificate that counts is proved by its own server`(
        certificate: String?, loops: Int
    ) async throws {
        try await script {
            let stage = try DialbackStage(loops: loops)
            let issued = try certificate.map { _ in try Network.selfSigned("b.example") }
            let peer = try Peer(dialling: stage.node.s2s)
            let former = try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.startTLS)
            try peer.read(until: Peer.proceed)
            try peer.secure(presenting: issued?.identity())
            let header = Peer.header(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            try peer.send(header)
            let opening = try peer.readFeatures()
            #expect(opening.contains(Peer.dialbackOffer) && !opening.contains("EXTERNAL"))
            let id = try #require(DialbackText.attribute("id", of: opening))
            // Only what XML takes for itself is written otherwise.
            try peer.send(Peer.result("  K3y+/=&amp;ü&lt;É1\n", from: "b.example", to: "a.example"))
            let authority = try Peer(accepted: stage.listener.accept())
            let dialled = try authority.serveDialback("b.example", with: issued ?? Network.issue("b.example"))
            #expect(dialled.contains(" from='a.example'") && dialled.contains(" to='b.example'"))
            if issued == nil {
                let question = try authority.answerQuestion("valid")
                #expect(question.from == "a.example" && question.to == "b.example" && question.id == id)
                #expect(id != former && question.content == "K3y+/=&amp;ü&lt;É1")
            }
            let answer = try peer.readDialback("result")
            #expect(answer == DialbackText(description: "<db:result from='a.example' to='b.example' type='valid'/>"))
            #expect(try stage.passes(peer, "1"))
            let association = try stage.association(.inbound)
            #expect(association.mechanism == "dialback")
            #expect(stage.node.metric(.lookups) == 1 && stage.node.metric(.streamsOpened) == 1)
            // What was proved is one pair, and no other stanza passes.
            try peer.send(Peer.message("u@b.example", "x@rooms.example", "2"))
            #expect(try peer.read(until: "</stream:stream>").contains("<host-unknown"))
            #expect(try stage.component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `DB-05, DB-12: after authentication a further key is asked about by the identifier that came last`()
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            let peer = try stage.secured(presenting: Network.issue("b.example"))
            let former = try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.auth)
            try peer.read(until: Peer.success)
            let id = try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.result("key", from: "c.example", to: "a.example"))
            let question = try stage.authority("c.example").answerQuestion("valid")
            #expect(question.id == id && id != former && question.to == "c.example")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try stage.passes(peer, from: "c.example", "1") && stage.passes(peer, from: "b.example", "2"))
        }
    }

    // MARK: - Every way in which it can fail

    private enum Conduct: String, CaseIterable, Sendable {
        case invalid, fails, isUnknownHost, isUnknownHostWhenAsked, hasNoRecords, hasNoServer, isNotThere, hasNoTLS
        case breaksTLS, leaves, resets, isSilent, isSilentBeforeFeatures
    }

    private static let verdicts: [(conduct: Conduct, verdict: String)] = [
        (.invalid, "error forbidden"), (.fails, "error remote-server-not-found"),
        (.isUnknownHost, "error remote-server-not-found"), (.isUnknownHostWhenAsked, "error remote-server-not-found"),
        (.hasNoRecords, "error remote-connection-failed"), (.hasNoServer, "error remote-connection-failed"),
        (.isNotThere, "error remote-connection-failed"), (.hasNoTLS, "error remote-connection-failed"),
        (.breaksTLS, "error remote-connection-failed"), (.leaves, "error remote-server-timeout"),
        (.resets, "error remote-server-timeout"), (.isSilent, "error remote-server-timeout"),
        // Whichever clock is first: that of the connection or that of the key.
        (.isSilentBeforeFeatures, "error remote-"),
    ]

    private static let hostUnknown =
        "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"

    private static func domain(of conduct: Conduct) -> String {
        switch conduct {
        case .hasNoRecords: "nothing.example"
        case .hasNoServer: "none.example"
        case .isNotThere: "closed.example"
        default: "c.example"
        }
    }

    private static func play(_ conduct: Conduct, on stage: DialbackStage) throws -> Peer? {
        if [.hasNoRecords, .hasNoServer, .isNotThere].contains(conduct) { return nil }
        let peer = try Peer(accepted: stage.listener.accept())
        switch conduct {
        case .isUnknownHost:
            try peer.serveHeader("c.example", hostUnknown)
            return peer
        case .hasNoTLS:
            try peer.serveHeader("c.example", "<stream:features/>")
            try peer.read(until: Peer.startTLS)
            try peer.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
            return peer
        case .breaksTLS:
            try peer.serveHeader("c.example", Peer.offer)
            try peer.read(until: Peer.startTLS)
            try peer.send(Peer.proceed)
            // What comes with the last words in clear would be dropped.
            try peer.read(until: "\u{16}\u{3}\u{1}")
            try peer.send("no handshake")
            return peer
        case .isSilentBeforeFeatures: return peer
        default: break
        }
        try peer.serveDialback("c.example")
        let question = try peer.readDialback("verify")
        switch conduct {
        case .invalid: try peer.answer(question, "invalid")
        case .fails: try peer.answer(question, "error", containing: Peer.failing("item-not-found"))
        case .isUnknownHostWhenAsked: try peer.send(hostUnknown)
        case .leaves: try peer.send("</stream:stream>")
        case .resets: return nil
        default: break
        }
        return peer
    }

    @Test(arguments: verdicts, [false, true])
    private func
        `DB-16, DB-17, DB-18, DB-19, DB-20, DB-23, PA-05: each failure has its condition, and the stream goes on`(
            expectation: (conduct: Conduct, verdict: String), isFirst: Bool
        ) async throws
    {
        let (conduct, verdict) = expectation
        let isSilent = conduct == .isSilent || conduct == .isSilentBeforeFeatures
        try await script {
            let closed = try Endpoint.unused(on: LoopbackAddress.unused())
            let stage = try DialbackStage(
                """
                _xmpp-server._tcp.none SRV 0 0 0 .
                _xmpps-server._tcp.none SRV 0 0 0 .
                _xmpp-server._tcp.closed SRV 0 0 \(closed.port) closed-host
                closed-host A \(closed.address)
                """, settings: "[timeouts]\ndialback = \(isSilent ? 8 : 30)")
            let peer = try stage.secured(presenting: isFirst ? nil : Network.issue("b.example"))
            if isFirst {
                try peer.openForDialback(from: "b.example", to: "a.example")
            } else {
                try peer.authenticate(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            }
            let sender = Self.domain(of: conduct)
            try peer.send(Peer.result("key", from: sender, to: "a.example"))
            let authority = try Self.play(conduct, on: stage)
            let answer = try peer.readDialback("result")
            #expect(answer.from == "a.example" && answer.to == sender)
            #expect(stage.node.log.contains(sender), "\(conduct)")
            if conduct == .invalid, isFirst {
                // Nobody else is on the stream: whoever opened it spoke for a domain that is not its own.
                #expect(answer.verdict == "invalid")
                #expect(try peer.readToEnd().contains("</stream:stream>"))
                return
            }
            #expect(answer.verdict == verdict || verdict.hasSuffix("-") && answer.verdict.hasPrefix(verdict))
            #expect(answer.content.hasPrefix("<error type='"))
            #expect(answer.content.contains(" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"))
            #expect(stage.node.counts?.pairsBeingProved == 0)
            // The stream takes what else it carries, and further keys, whatever became of this one.
            if !isFirst { #expect(try stage.passes(peer, "on")) }
            if !isFirst || !isSilent {
                try peer.send(Peer.result("key", from: "b.example", to: "rooms.example"))
                if isFirst { try stage.authority().answerQuestion("valid") }
                #expect(try peer.readDialback("result").verdict == "valid")
            }
            _ = authority
        }
    }

    // MARK: - What is not asked about at all

    /// A request, and the condition with which it is refused.
    private static let requests: [(sender: String, target: String, key: String, condition: String)] = [
        ("b.example", "nosuch.example", "key", "item-not-found"),
        ("rooms.example", "a.example", "key", "not-acceptable"),
        ("a.example", "a.example", "key", "not-acceptable"),
        ("blocked.example", "a.example", "key", "policy-violation"),
        ("b.example", "a.example", "", "not-acceptable"),
        ("b.example", "a.example", String(repeating: "k", count: 1025), "not-acceptable"),
    ]

    @Test(arguments: requests, [false, true])
    func `DB-11, DB-21, DB-25: what cannot be proved is refused without a question`(
        request: (sender: String, target: String, key: String, condition: String), isProved: Bool
    ) async throws {
        try await script {
            let stage = try DialbackStage(settings: "[[remote]]\nname = \"blocked.example\"\nallow = false")
            let kept = try isProved ? stage.proved(to: "rooms.example") : nil
            let peer = try kept?.peer ?? stage.calling().peer
            let answer = try peer.prove(request.sender, to: request.target, key: request.key)
            #expect(answer.verdict == "error \(request.condition)")
            #expect(answer.from == request.target && answer.to == request.sender)
            #expect(stage.isUntouched)
            // The stream is as good as before.
            try peer.send(Peer.verify("x", from: "b.example", to: "a.example", id: "y"))
            #expect(try peer.readDialback("verify").type == "invalid")
        }
    }

    @Test func `DB-22: further pairs than a stream may carry are refused, and the others go on`() async throws {
        try await script {
            let stage = try DialbackStage(
                "_xmpp-server._tcp.d SRV 0 0 PORT host",
                limits: "streams_per_address = 0\nhandshakes_per_second_per_address = 0\npairs_per_stream = 2")
            let (peer, authority) = try stage.proved()
            try peer.send(Peer.result("key", from: "b.example", to: "rooms.example"))
            // One that is being proved counts.
            let question = try authority.readDialback("verify")
            #expect(try peer.prove("d.example", to: "a.example").verdict == "error resource-constraint")
            try authority.answer(question, "valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try peer.prove("d.example", to: "a.example").verdict == "error resource-constraint")
            // What is there already is no further pair.
            #expect(try peer.prove("b.example", to: "rooms.example").verdict == "valid")
            #expect(try stage.passes(peer, "on"))
        }
    }

    @Test(arguments: [
        ("b.example", "rooms.example"), ("c.example", "a.example"), ("c.example", "rooms.example"),
    ])
    func `PS-06, DB-15: the first key on a connection may be for another pair than its header names`(
        sender: String, target: String
    ) async throws {
        try await script {
            let stage = try DialbackStage()
            let rooms = try stage.node.connect("rooms.example")
            let (peer, _) = try stage.calling(from: "b.example", to: "a.example")
            try peer.send(Peer.result("key", from: sender, to: target))
            let question = try stage.authority(sender).answerQuestion("valid")
            #expect(question.from == target && question.to == sender)
            #expect(try peer.readDialback("result").verdict == "valid")
            try peer.send(Peer.message("u@\(sender)", "y@\(target)", "here"))
            let receiver = target == "rooms.example" ? rooms : stage.component
            #expect(try receiver.receive().text(of: "body") == "here")
            // The pair of the header is nobody's yet.
            try peer.send(Peer.message("u@b.example", "x@a.example", "no"))
            #expect(try peer.read(until: "</stream:stream>").contains("<stream:error>"))
            #expect(try stage.component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `DB-26, DB-25, PS-06: while a key is asked about, stanzas and everybody else's keys are taken`()
        async throws
    {
        try await script {
            let stage = try DialbackStage("_xmpp-server._tcp.d SRV 0 0 PORT host")
            let rooms = try stage.node.connect("rooms.example")
            let (peer, authority) = try stage.proved()
            try peer.send(Peer.result("slow", from: "c.example", to: "a.example"))
            let slow = try stage.authority("c.example")
            let question = try slow.readDialback("verify")
            for number in 0..<20 { #expect(try stage.passes(peer, "\(number)")) }
            try peer.send(Peer.verify("x", from: "z.example", to: "a.example", id: "y"))
            #expect(try peer.readDialback("verify").verdict == "invalid")
            try peer.send(Peer.result("quick", from: "b.example", to: "rooms.example"))
            #expect(try authority.answerQuestion("valid").content == "quick")
            #expect(try peer.readDialback("result").from == "rooms.example")
            try peer.send(Peer.message("u@b.example", "y@rooms.example", "here"))
            #expect(try rooms.receive().text(of: "body") == "here")
            try peer.send(Peer.result("other", from: "d.example", to: "a.example"))
            let other = try stage.authority("d.example")
            try other.answerQuestion("valid")
            #expect(try peer.readDialback("result").to == "d.example")
            // A second stream is proved meanwhile by the server that is slow for the first.
            let (second, _) = try stage.calling(from: "c.example")
            try second.send(Peer.result("second", from: "c.example", to: "a.example"))
            #expect(try slow.answerQuestion("valid").content == "second")
            #expect(try second.readDialback("result").verdict == "valid")
            try slow.answer(question, "valid")
            #expect(try peer.readDialback("result").to == "c.example")
            #expect(try stage.passes(peer, from: "c.example", "late"))
        }
    }
}
