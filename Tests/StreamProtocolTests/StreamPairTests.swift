import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

/// Two streams that negotiate through real octets, however those are divided.
@Suite("Two streams joined in memory")
struct StreamPairTests {
    private static let stanzas = (0..<3).map { Receiving.stanza(from: "x@a.example/\($0)", to: "u@b.example") }

    private static func pair(directTLS: Bool = false, piecesOf size: Int = .max) -> StreamPair {
        var setup = StreamPair.Setup()
        setup.directTLS = directTLS
        setup.pieceSize = size
        return StreamPair(setup)
    }

    @Test(arguments: [false, true])
    func `SE-01, SE-04, TL-11: two of us negotiate and exchange stanzas`(directTLS: Bool) throws {
        let pair = Self.pair(directTLS: directTLS)
        pair.negotiate()
        #expect(pair.initiating.established.map(\.pair) == [Receiving.pair])
        #expect(pair.receiving.established.map(\.pair) == [Receiving.pair])
        #expect(pair.initiating.actions.contains(.adoptPeerLimits(PeerLimits(maximumBytes: 262_144, idleSeconds: 600))))
        pair.send(Self.stanzas)
        #expect(pair.receiving.delivered.map(\.from) == Self.stanzas.map(\.from))
        let startTLS = XMLElement(Namespace.startTLS, "starttls")
        #expect(pair.initiating.actions.contains(.send(startTLS)) == !directTLS)
        pair.initiating.feed(.closeRequested(nil))
        pair.carry()
        #expect(!pair.initiating.isOpen && !pair.receiving.isOpen)
    }

    @Test(arguments: [false, true])
    func `XS-27: how the octets are divided means nothing`(directTLS: Bool) {
        let whole = Self.pair(directTLS: directTLS)
        whole.negotiate()
        whole.send(Self.stanzas)
        for size in [1, 2, 3, 5, 7] + Array(stride(from: 11, through: 400, by: 37)) {
            let divided = Self.pair(directTLS: directTLS, piecesOf: size)
            divided.negotiate()
            divided.send(Self.stanzas)
            #expect(divided.initiating.actions == whole.initiating.actions, "pieces of \(size)")
            #expect(divided.receiving.actions == whole.receiving.actions, "pieces of \(size)")
        }
    }

    @Test func `CM-11: a wrong certificate of the target ends it before we say who we are`() {
        var setup = StreamPair.Setup()
        setup.receivingCertificate = .naming(["other.example"])
        let pair = StreamPair(setup)
        pair.negotiate()
        #expect(pair.initiating.established.isEmpty && pair.receiving.established.isEmpty)
        #expect(!pair.initiating.actions.contains { $0.isElement(Namespace.sasl, "auth") })
        #expect(pair.initiating.failures.count == 1)
        #expect(!pair.initiating.isOpen && !pair.receiving.isOpen)
    }

    @Test(arguments: [nil, PeerCertificate.naming(["other.example"])])
    func `SE-01, OW-01: without a good certificate of ours there is no EXTERNAL`(certificate: PeerCertificate?) {
        var setup = StreamPair.Setup()
        setup.initiatingCertificate = certificate
        let pair = StreamPair(setup)
        pair.negotiate()
        #expect(pair.receiving.established.isEmpty)
        #expect(!pair.receiving.actions.contains { $0.isElement(Namespace.sasl, "success") })
        #expect(pair.initiating.failures.count == 1)
        pair.send(Self.stanzas)
        #expect(pair.receiving.delivered.isEmpty)
    }

    @Test func `TL-07: a target without a certificate ends in no clear stream`() {
        var setup = StreamPair.Setup()
        setup.receivingCertificate = nil
        let pair = StreamPair(setup)
        pair.negotiate()
        #expect(pair.initiating.protection == .clear)
        #expect(pair.initiating.failures.count == 1)
        #expect(pair.initiating.established.isEmpty)
    }

    @Test(arguments: [Int.max, 1, 7])
    func `OW-01, DK-04: two of us prove one side by dialback, through real octets`(size: Int) {
        var setup = StreamPair.Setup()
        setup.directTLS = size == 7
        setup.pieceSize = size
        setup.initiatingCertificate = nil
        setup.dialback = .authenticated
        let pair = StreamPair(setup)
        pair.negotiate()
        #expect(pair.receiving.established.isEmpty && pair.initiating.established.isEmpty)
        pair.answerQuestions()
        #expect(pair.receiving.established.map(\.mechanism) == [.dialback])
        #expect(pair.initiating.established.map(\.mechanism) == [.serverIdentity])
        pair.send(Self.stanzas)
        #expect(pair.receiving.delivered.map(\.from) == Self.stanzas.map(\.from))
    }

    @Test func `PA-01, PA-03, PS-04, PS-06: further pairs in both ways of piggybacking on one stream`() {
        var setup = StreamPair.Setup()
        setup.dialback = .encrypted
        setup.receivingCertificate = .naming(["b.example", "rooms.b.example"])
        let pair = StreamPair(setup)
        pair.negotiate()
        pair.initiating.feed(.associate(StreamTestSupport.pair("c.example", "b.example")))
        pair.initiating.feed(.associate(StreamTestSupport.pair("a.example", "rooms.b.example")))
        pair.carry()
        pair.answerQuestions()
        let mechanisms: [Association.Mechanism] = [.external, .assertion, .supposition]
        #expect(Set(pair.receiving.established.map(\.mechanism)) == Set(mechanisms))
        #expect(
            Set(pair.initiating.established.map(\.mechanism)) == [.serverIdentity, .assertion, .supposition])
        #expect(Set(pair.receiving.established.map(\.pair)) == Set(pair.initiating.established.map(\.pair)))
    }

    @Test(arguments: [nil, PeerCertificate.naming(["a.example"])])
    func `BI-04, BI-05: two of us use both directions, and ask for further pairs in either`(
        certificate: PeerCertificate?
    ) {
        var setup = StreamPair.Setup()
        setup.dialback = .encrypted
        setup.isBidirectional = true
        setup.initiatingCertificate = certificate
        let pair = StreamPair(setup)
        pair.negotiate()
        pair.answerQuestions()
        let first = Set([Receiving.pair, Receiving.pair.reversed])
        #expect(Set(pair.initiating.established.map(\.pair)) == first)
        #expect(Set(pair.receiving.established.map(\.pair)) == first)
        pair.receiving.feed(.associate(StreamTestSupport.pair("rooms.b.example", "a.example")))
        pair.carry()
        pair.answerQuestions()
        #expect(pair.initiating.established.count == 4)
        #expect(Set(pair.receiving.established.map(\.pair)) == Set(pair.initiating.established.map(\.pair)))
    }

    @Test func `SE-02: features wait for a proof that takes its time`() {
        let pair = Self.pair()
        pair.receiving.delaysProofs = true
        pair.initiating.delaysProofs = true
        pair.negotiate()
        #expect(pair.receiving.established.isEmpty)
        pair.receiving.decide()
        pair.carry()
        #expect(pair.receiving.established.isEmpty)
        pair.initiating.decide()
        pair.carry()
        #expect(pair.receiving.established.count == 1)
        #expect(pair.initiating.established.count == 1)
    }
}

extension StreamAction {
    func isElement(_ namespace: String, _ name: String) -> Bool {
        guard case .send(let element) = self else { return false }
        return element.is(namespace, name)
    }
}
