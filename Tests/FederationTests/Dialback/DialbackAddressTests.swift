import Administration
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Domains that are written in several ways, and addresses in place of domains.
@Suite("attacks by the spelling of domains")
struct DialbackAddressTests {
    /// `münchen.example` in every way that is one: composed, decomposed, in capitals, in A-labels.
    private static let spellings = [
        "münchen.example", "mu\u{308}nchen.example", "MÜNCHEN.example", "xn--mnchen-3ya.example",
        "XN--MNCHEN-3YA.EXAMPLE",
    ]
    private static let records = "_xmpp-server._tcp.xn--mnchen-3ya SRV 0 0 PORT host"

    private static func issued() throws -> IssuedCertificate { try Network.issue("xn--mnchen-3ya.example") }

    private static func authority(_ stage: DialbackStage) throws -> Peer {
        let peer = try Peer(accepted: stage.listener.accept())
        try peer.serveDialback("xn--mnchen-3ya.example", with: issued())
        return peer
    }

    @Test(arguments: spellings)
    func `CM-08, DB-02, DB-09: however a domain is written it is one pair, proved once, and no second identity`(
        first: String
    ) async throws {
        try await script {
            let stage = try DialbackStage(Self.records)
            let (peer, _) = try stage.calling(from: first)
            try peer.send(Peer.result("key", from: first, to: "a.example"))
            let authority = try Self.authority(stage)
            let question = try authority.readDialback("verify")
            // While it is being asked no other spelling starts anew, or takes the answer.
            for spelling in Self.spellings { try peer.send(Peer.result("other", from: spelling, to: "A.example")) }
            try authority.answer(question, "valid")
            let answer = try peer.readDialback("result")
            #expect(answer.verdict == "valid" && answer.to == first)
            for spelling in Self.spellings {
                let again = try peer.prove(spelling, to: "A.EXAMPLE")
                #expect(again.verdict == "valid" && again.to == spelling)
                #expect(try stage.passes(peer, from: spelling, "as \(spelling)"))
            }
            #expect(try authority.readWhatComes(within: .milliseconds(50)).isEmpty)
            #expect(stage.isUntouched)
            #expect(stage.associations.map(\.remote.description) == ["münchen.example"])
            #expect(stage.node.counts?.associations == 1)
        }
    }

    @Test(arguments: spellings)
    func `CM-08, RT-05, PA-01: stanzas to every spelling go over one connection, for one key`(
        first: String
    ) async throws {
        try await script {
            let stage = try DialbackStage(Self.records, loops: 2)
            let all = [first] + Self.spellings
            try stage.component.send(all.map { Peer.message("x@a.example", "u@\($0)", $0) }.joined())
            let peer = try Self.authority(stage)
            #expect(try peer.answerKey("valid").to?.lowercased().hasSuffix(".example") == true)
            for _ in all { try peer.read(until: "</message>") }
            #expect(try !peer.readWhatComes(within: .milliseconds(50)).contains("db:result"))
            #expect(stage.isUntouched && stage.node.metric(.streamsOpened) == 1)
            #expect(stage.associations.count == 1)
        }
    }

    /// What looks like `b.example` or is it in another world: nobody's name, or somebody else's.
    private static let lookalikes = [
        "\u{FF42}.example", "b\u{3002}example", "b\u{200B}.example", "\u{431}.example", "b..example", ".b.example",
        "b.example\u{0}", "u@b.example", "b.example ", "",
    ]

    @Test(arguments: lookalikes)
    func `CM-08, DB-27, RT-02: what only looks like a domain that is proved is not it`(name: String) async throws {
        try await script {
            let stage = try DialbackStage()
            let (peer, _) = try stage.proved()
            try peer.send(Peer.message("u@\(name)", "x@a.example", "forged"))
            #expect(try peer.readToEnd().contains("</stream:stream>"))
            let (other, _) = try stage.proved(from: "c.example")
            // It is proved for itself, or it is no name and ends the stream.
            try other.send(Peer.result("key", from: name, to: "a.example"))
            let answer = (try? other.readDialback("result", within: .seconds(10)))?.verdict
            #expect(answer?.hasPrefix("error") ?? true)
            #expect(stage.associations.allSatisfy { $0.remote.description == "c.example" })
            #expect(try stage.component.receiveNothingMore().isEmpty)
        }
    }

    // MARK: - Addresses

    private static let literals = ["127.0.0.1", "[::1]", "192.0.2.1", "[2001:db8::1]", "::1", "0x7f.1", "2130706433"]

    @Test(arguments: literals)
    func `DB-27, XS-05, DO-06: an address in place of a domain is proved by nothing, and harms no pair beside it`(
        literal: String
    ) async throws {
        try await script {
            let stage = try DialbackStage(
                level: "encrypted", settings: "[timeouts]\nconnect = 1\ndialback = 2\nclose = 1")
            let (peer, _) = try stage.proved()
            // As target it is not ours.
            try peer.send(
                Peer.result("key", from: "b.example", to: literal)
                    + Peer.verify("key", from: "b.example", to: literal, id: "x"))
            for kind in ["result", "verify"] {
                guard let answer = try? peer.readDialback(kind) else { break }
                #expect(answer.verdict == "error item-not-found")
            }
            // As sender nobody answers for it; what is no domain at all ends the stream that says it.
            let (other, _) = try stage.calling(from: "c.example")
            try other.send(Peer.result("key", from: literal, to: "a.example"))
            let verdict = (try? other.readDialback("result"))?.verdict
            #expect(verdict?.hasPrefix("error remote-") ?? true, "\(verdict ?? "")")
            // Nor does the header prove it, whichever certificate comes along.
            let third = try stage.secured(presenting: Network.issue(literal))
            try third.send(Peer.header(from: literal, to: "a.example", extra: Peer.dialbackNamespace))
            #expect(try !third.readWhatComes(within: .milliseconds(300)).contains("EXTERNAL"))
            #expect(stage.associations.map(\.remote.description) == ["b.example"] || peer.hasEnded)
            #expect(stage.associations.allSatisfy { $0.remote.description == "b.example" })
        }
    }
}
