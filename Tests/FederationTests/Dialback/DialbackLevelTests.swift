import Administration
import Diagnostics
import Federation
import HTTPTestSupport
import Synchronization
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// What dialback is worth under each policy, and what takes its place.
@Suite("dialback, prooftypes and levels")
struct DialbackLevelTests {
    // MARK: - In

    /// Whether the server that is asked has a certificate that proves it, and what comes of a good key.
    private static let incoming: [(level: String, isProved: Bool, verdict: String, worth: String)] = [
        ("authenticated", true, "valid", "pkix authenticated"),
        ("authenticated", false, "error not-authorized", ""),
        ("encrypted", true, "valid", "pkix authenticated"), ("encrypted", false, "valid", "dialback encrypted"),
        ("verified", true, "valid", "pkix authenticated"), ("verified", false, "valid", "dialback encrypted"),
    ]

    @Test(arguments: incoming, [false, true])
    func `PT-05, PA-06, OW-03, DB-21: the server that is asked has to be proved as far as the level demands`(
        row: (level: String, isProved: Bool, verdict: String, worth: String), isFurther: Bool
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: row.level)
            // A tenant beside a domain that is proved is judged like one that comes alone.
            let peer = try stage.secured(presenting: Network.issue("b.example"))
            if isFurther {
                try peer.authenticate(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            } else {
                try peer.openForDialback(from: "b.example", to: "a.example")
            }
            try peer.send(Peer.result("key", from: "c.example", to: "a.example"))
            let own = try row.isProved ? Network.issue("c.example") : Network.selfSigned("c.example")
            let authority = try stage.authority("c.example", with: own)
            if row.verdict == "valid" { try authority.answerQuestion("valid") }
            #expect(try peer.readDialback("result").verdict == row.verdict)
            let associations = stage.associations.filter { $0.remote.description == "c.example" }
            #expect(associations.map { "\($0.prooftype) \($0.level)" } == (row.worth.isEmpty ? [] : [row.worth]))
            if row.verdict != "valid" {
                // A key is shown to nobody whose word would not count.
                #expect(try authority.readWhatComes(within: .milliseconds(50)).isEmpty)
                #expect(stage.node.log.contains("could not be proved"))
            } else {
                #expect(try stage.passes(peer, from: "c.example", "on"))
                let evidence = try #require(associations.first).evidence
                #expect(evidence["authoritative_server"]?.contains("\(stage.listener.endpoint.port)") == true)
                #expect(evidence["proved_by"]?.hasPrefix(row.isProved ? "pkix" : "nothing") == true)
            }
            if isFurther { #expect(try stage.passes(peer, from: "b.example", "and on")) }
        }
    }

    @Test(arguments: [
        ("verified", "valid"), ("encrypted", "error policy-violation"), ("authenticated", "error policy-violation"),
    ])
    func `PT-05, DB-21: a key in clear is good for the lowest level only`(level: String, verdict: String) async throws {
        try await script {
            let stage = try DialbackStage(level: level)
            let peer = try Peer(dialling: stage.node.s2s)
            try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            if verdict == "valid" { try stage.authority().answerQuestion("valid") }
            #expect(try peer.readDialback("result").verdict == verdict)
            guard verdict == "valid" else {
                // What it may do is start TLS.
                #expect(stage.isUntouched)
                try peer.send(Peer.startTLS)
                #expect(try peer.read(until: Peer.proceed) == Peer.proceed)
                return
            }
            #expect(try stage.passes(peer, "in clear"))
            let association = try stage.association(.inbound)
            #expect(association.level == "verified" && association.prooftype == "dialback")
        }
    }

    @Test func `PT-05, DB-21, OW-04: at the lowest level two servers without TLS have dialback, and nothing else`()
        async throws
    {
        try await script {
            let stage = try DialbackStage(level: "verified")
            let peer = try Peer(dialling: stage.node.s2s)
            let id = try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            let authority = try Self.inClear(stage)
            #expect(try authority.answerQuestion("valid").id == id)
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try stage.passes(peer, "in"))
            try stage.send("out")
            let own = try Self.inClear(stage)
            try own.answerKey("valid")
            #expect(try own.read(until: "</message>").contains("out"))
            #expect(
                Set(stage.associations.map { "\($0.prooftype) \($0.level)" }) == ["dialback verified", "none verified"])
        }
    }

    /// A server that knows no TLS: it is asked for it all the same, and dialled again without.
    private static func inClear(_ stage: DialbackStage) throws -> Peer {
        let first = try Peer(accepted: stage.listener.accept())
        try first.serveDialbackHeader("b.example")
        try first.read(until: Peer.startTLS)
        try first.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
        let second = try Peer(accepted: stage.listener.accept())
        try second.serveDialbackHeader("b.example")
        return second
    }

    // MARK: - Without calling back

    @Test(arguments: [false, true])
    func `DK-05, PA-02, PS-06: a certificate that proves the domain is enough, and nobody is asked`(isFurther: Bool)
        async throws
    {
        try await script {
            let stage = try DialbackStage(level: "authenticated")
            let peer = try stage.secured(presenting: Network.issue("b.example", "c.example"))
            if isFurther {
                try peer.authenticate(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            } else {
                try peer.openForDialback(from: "b.example", to: "a.example")
            }
            for (sender, target) in [
                ("c.example", "a.example"), ("c.example", "rooms.example"), ("b.example", "rooms.example"),
            ] {
                #expect(try peer.prove(sender, to: target, key: "never looked at").verdict == "valid")
            }
            #expect(try peer.prove("c.example", to: "nosuch.example").verdict == "error item-not-found")
            #expect(stage.isUntouched && stage.node.metric(.lookups) == 0)
            #expect(
                !stage.network.questions.contains("_xmpp-server._tcp.c.example SRV")
                    || stage.node.metric(.streamsOpened) == 0)
            #expect(Set(stage.associations.map(\.prooftype)) == ["pkix"])
            #expect(try stage.passes(peer, from: "c.example", "on"))
        }
    }

    @Test(arguments: [(0, "valid"), (7200, "asked")])
    func `DK-06: the certificate counts for a key only as long as it is good`(elapsed: Int64, outcome: String)
        async throws
    {
        try await script {
            let offset = Atomic<Int64>(0)
            let stage = try DialbackStage(level: "encrypted", clock: { Network.now + offset.load(ordering: .relaxed) })
            let brief = try Network.issue("c.example") { $0.notAfter = Network.now + 3600 }
            let (peer, _) = try stage.calling(presenting: brief)
            offset.store(elapsed, ordering: .relaxed)
            try peer.send(Peer.result("key", from: "c.example", to: "a.example"))
            if outcome == "asked" {
                try stage.authority("c.example", with: Network.selfSigned("c.example")).answerQuestion("valid")
            }
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try stage.association(.inbound).level == (outcome == "asked" ? "encrypted" : "authenticated"))
            #expect(stage.isUntouched)
        }
    }

    @Test(arguments: [("b.example", true), ("unrelated.example", false)])
    func `DK-07, OW-03: the certificate of the peer at its server saves the question, and raises nothing`(
        name: String, isShort: Bool
    ) async throws {
        try await script {
            let stage = try DialbackStage()
            let own = try Network.selfSigned(name)
            let (peer, _) = try stage.calling(presenting: own)
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            let authority = try stage.authority(with: own)
            if !isShort { try authority.answerQuestion("valid") }
            #expect(try peer.readDialback("result").verdict == "valid")
            let association = try stage.association(.inbound)
            #expect(association.level == "encrypted" && association.prooftype == "dialback")
            #expect(association.evidence["dialback"]?.contains("certificate of the peer") == isShort)
        }
    }

    @Test(arguments: [true, false])
    func `DK-08: whether DNSSEC vouches for the way to the server that was asked is told`(isSigned: Bool) async throws {
        try await script {
            let stage = try DialbackStage(isSigned: isSigned)
            let (peer, _) = try stage.calling()
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            try stage.authority(with: Network.selfSigned("b.example")).answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            let association = try stage.association(.inbound)
            #expect(association.secureDelegation == isSigned)
            let word = isSigned ? "secure" : "not secure"
            #expect(association.evidence["dnssec"] == "service records \(word), addresses \(word)")
        }
    }

    // MARK: - Published keys

    @Test(arguments: ["encrypted", "verified", "authenticated"])
    func `DA-21, DA-08, OW-03: with a wrong certificate only dialback to a server that matches the TLSA is left`(
        level: String
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try DANEStage(
                DANEStage.records(Network.tlsa(3, 1, of: own.certificate)), federation: "level = \"\(level)\"")
            for (issued, isKey) in [(try Network.issue("b.example"), false), (own, true)] {
                let peer = try stage.secured(presenting: Network.issue("b.example"))
                let features = try peer.open(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
                #expect(!features.contains("EXTERNAL") && features.contains(Peer.dialbackOffer))
                try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
                let authority = try Peer(accepted: stage.listener.accept())
                guard isKey else {
                    _ = try? authority.serveDialback("b.example", with: issued)
                    #expect(try peer.readDialback("result").verdict == "error not-authorized")
                    try stage.node.reload([.component("a.example")], settings: "[federation]\nlevel = \"\(level)\"")
                    continue
                }
                try authority.serveDialback("b.example", with: issued)
                try authority.answerQuestion("valid")
                #expect(try peer.readDialback("result").verdict == "valid")
                let association = try stage.association(.inbound)
                #expect(association.prooftype == "dane" && association.level == "authenticated")
                #expect(association.mechanism == "dialback")
            }
        }
    }

    private enum Document: CaseIterable { case ofPeer, ofServer, ofNobody, missing }

    @Test(arguments: Document.allCases, ["authenticated", "encrypted"])
    private func
        `PO-20, PO-21: a POSH document proves the peer, or the server that is asked, or leaves it to the level`(
            document: Document, level: String
        ) async throws
    {
        try await script {
            let peerOwn = try Network.selfSigned("unrelated.example")
            let serverOwn = try Network.selfSigned("unrelated.example")
            let named: IssuedCertificate? =
                switch document {
                case .ofPeer: peerOwn
                case .ofServer: serverOwn
                case .ofNobody: try Network.selfSigned("b.example")
                case .missing: nil
                }
            let reply = try named.map { try POSHStage.document($0) } ?? ScriptedReply(404)
            let stage = try POSHStage(federation: "level = \"\(level)\"") { _ in reply }
            let peer = try stage.secured(presenting: peerOwn)
            try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            if document != .ofPeer {
                let authority = try Peer(accepted: stage.listener.accept())
                _ = try? authority.serveDialback("b.example", with: serverOwn)
                if document == .ofServer || level == "encrypted" { _ = try? authority.answerQuestion("valid") }
                let verdict = try peer.readDialback("result").verdict
                let isTaken = document == .ofServer || level == "encrypted"
                #expect(verdict == (isTaken ? "valid" : "error not-authorized"), "\(document)")
                guard isTaken else { return }
            } else {
                #expect(try peer.readDialback("result").verdict == "valid")
                #expect(stage.isUntouched)
            }
            let isProved = document == .ofPeer || document == .ofServer
            #expect(try stage.association(.inbound).prooftype == (isProved ? "posh" : "dialback"))
        }
    }

    // MARK: - Out

    /// How the server that we dial can be proved, and whether it is taken at each level.
    private static let outgoing: [(level: String, isProved: Bool, worth: String)] = [
        ("authenticated", true, "pkix authenticated"), ("authenticated", false, ""),
        ("encrypted", true, "pkix authenticated"), ("encrypted", false, "none encrypted"),
        ("verified", true, "pkix authenticated"), ("verified", false, "none encrypted"),
    ]

    @Test(arguments: outgoing, [false, true])
    func `PT-05, PT-02, SE-11: a server that we dial is judged by the level, however we are proved to it`(
        row: (level: String, isProved: Bool, worth: String), isByDialback: Bool
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: row.level)
            let own = try row.isProved ? Network.issue("b.example") : Network.selfSigned("b.example")
            try stage.send()
            let peer = try Peer(accepted: stage.listener.accept())
            guard !row.worth.isEmpty else {
                // It is shown no key either, which it could use elsewhere.
                #expect(throws: HarnessFailure.self) {
                    try peer.serveDialback("b.example", with: own)
                    try peer.answerKey("valid")
                }
                #expect(!String(decoding: peer.received, as: UTF8.self).contains("<db:"))
                #expect(try stage.bounce().contains("could not be proved"))
                return
            }
            if isByDialback {
                try peer.serveDialback("b.example", with: own)
                try peer.answerKey("valid")
            } else {
                try peer.serve("b.example", with: own)
            }
            #expect(try peer.read(until: "</message>").contains("hello"))
            let association = try stage.association(.outbound)
            #expect("\(association.prooftype) \(association.level)" == row.worth)
        }
    }
}
