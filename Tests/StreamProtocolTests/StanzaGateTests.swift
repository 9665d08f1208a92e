import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@testable import StreamProtocol

@Suite("The gate for stanzas")
struct StanzaGateTests {
    private static func gate(_ pairs: DomainPair...) throws -> StanzaGate {
        var gate = StanzaGate()
        for pair in pairs { gate.open(try #require(Association.inbound(pair))) }
        return gate
    }

    @Test func `RT-02: without an association nothing passes`() {
        let passage = StanzaGate().pass([Receiving.good]) { _ in false }
        #expect(passage.runs.isEmpty)
        #expect(passage.error?.condition == .invalidFrom)
    }

    @Test func `RT-04: stanzas of several pairs pass in order, each run with its association`() throws {
        let gate = try Self.gate(pair("a.example", "b.example"), pair("c.example", "b.example"))
        let first = Receiving.stanza(from: "x@a.example", to: "u@b.example")
        let second = Receiving.stanza(from: "x@c.example", to: "u@b.example")
        let passage = gate.pass([first, first, second, first]) { _ in false }
        #expect(passage.runs.map(\.stanzas) == [[first, first], [second], [first]])
        #expect(passage.runs.map(\.association.pair.sender.description) == ["a.example", "c.example", "a.example"])
        #expect(passage.error == nil)
    }

    @Test func `RT-02, RT-03: a pair is a pair, not two lists`() throws {
        let gate = try Self.gate(pair("a.example", "b.example"), pair("c.example", "d.example"))
        let crossed = Receiving.stanza(from: "x@a.example", to: "u@d.example")
        #expect(gate.pass([crossed]) { _ in false }.error?.condition == .hostUnknown)
        #expect(gate.pass([crossed]) { _ in true }.error?.condition == .hostGone)
    }

    @Test func `PT-06: a new proof of a pair takes the place of the old one`() throws {
        let gate = try Self.gate(pair("a.example", "b.example"), pair("a.example", "b.example"))
        #expect(gate.associations.count == 1)
    }

    @Test func `PT-06: what was taken off is remembered as far as there is a bound`() throws {
        var gate = try Self.gate(pair("a.example", "b.example"))
        for index in 0...StanzaGate.revokedLimit {
            #expect(!gate.remembersTooMuch)
            let gone = DomainPair(sender: try DomainName("x\(index).example"), target: domain("b.example"))
            gate.open(try #require(Association.inbound(gone)))
            _ = gate.revoke(gone, with: StreamError(.reset))
        }
        #expect(gate.remembersTooMuch)
        #expect(gate.associations.count == 1 && gate.incomingCount == 1)
    }
}
