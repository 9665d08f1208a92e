import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("SASL EXTERNAL")
struct SASLExternalFeatureTests {
    private static let proven = ProofConclusion.proven(pair("a.example", "b.example"), .sender).domain
    private static let receiving = StreamFacts(
        role: .receiving, isEncrypted: true, localDomain: domain("b.example"), remoteDomain: domain("a.example"),
        proven: proven)
    private static let initiating = StreamFacts(
        role: .initiating, isEncrypted: true, localDomain: domain("a.example"), remoteDomain: domain("b.example"),
        presentedCertificate: true)

    private static func element(_ name: String, _ text: String? = nil) -> XMLElement {
        XMLElement(Namespace.sasl, name, text: text)
    }

    private static func auth(_ text: String?, mechanism: String? = "EXTERNAL") -> FeatureEvent {
        var element = element("auth", text)
        element["mechanism"] = mechanism
        return .received(element)
    }

    private static func mechanisms(_ names: String...) -> FeatureEvent {
        .advertised(XMLElement(Namespace.sasl, "mechanisms", names.map { element("mechanism", $0) }))
    }

    private static func failure(_ condition: String) -> [FeatureAction] {
        [
            .report(.authenticationFailed(condition: condition)),
            .send(XMLElement(Namespace.sasl, "failure", [element(condition)])),
        ]
    }

    private static let success: [FeatureAction] = [.send(element("success")), .authenticated(.external)]

    // MARK: - Offering

    @Test func `SE-01: EXTERNAL is offered to a proven domain`() {
        let expected = XMLElement(Namespace.sasl, "mechanisms", [Self.element("mechanism", "EXTERNAL")])
        #expect(SASLExternalFeature().advertisement(on: Self.receiving) == expected)
    }

    @Test(arguments: [
        StreamFacts(role: .receiving, isEncrypted: true, remoteDomain: domain("a.example")),
        StreamFacts(role: .receiving, isEncrypted: false, proven: proven),
        StreamFacts(role: .receiving, isEncrypted: true, hasAssociation: true, proven: proven),
    ])
    func `SE-01, SE-03, SE-10: EXTERNAL is not offered unproven, in clear, or again`(stream: StreamFacts) {
        #expect(SASLExternalFeature().advertisement(on: stream) == nil)
    }

    // MARK: - Receiving

    @Test(arguments: ["YS5leGFtcGxl", "QS5FWEFNUExF", "="])
    func `SE-05, SE-06: the identity is the stream's from, spelt or not`(text: String) {
        var feature = SASLExternalFeature()
        #expect(feature.handle(Self.auth(text), on: Self.receiving) == Self.success)
    }

    @Test(arguments: [
        // z.example, user@a.example, a.example/r, and octets that are no UTF-8.
        "ei5leGFtcGxl", "dXNlckBhLmV4YW1wbGU=", "YS5leGFtcGxlL3I=", "/w==",
    ])
    func `SE-06: another identity is refused`(text: String) {
        var feature = SASLExternalFeature()
        #expect(feature.handle(Self.auth(text), on: Self.receiving) == Self.failure("invalid-authzid"))
    }

    @Test(arguments: [
        "YS5l eGFt", "=AAA", "BBBB=CCC", "YS5leGFtcGx", "YS5leGFtcGy=", "YS5leGFt\ncGxl", " ", "==", "YS5leGFtcGxl====",
        "YS5leGFtcGx-",
    ])
    func `SE-07: Base64 is exact or refused`(text: String) {
        var feature = SASLExternalFeature()
        #expect(feature.handle(Self.auth(text), on: Self.receiving) == Self.failure("incorrect-encoding"))
    }

    @Test(arguments: ["=", nil, "YS5leGFtcGxl"])
    func `SE-08: silence is asked by an empty challenge`(answer: String?) {
        var feature = SASLExternalFeature()
        #expect(feature.handle(Self.auth(nil), on: Self.receiving) == [.send(Self.element("challenge"))])
        let response = FeatureEvent.received(Self.element("response", answer))
        #expect(feature.handle(response, on: Self.receiving) == Self.success)
    }

    @Test func `SE-08: a response that nobody asked for is malformed, and so are elements inside`() {
        var feature = SASLExternalFeature()
        let response = FeatureEvent.received(Self.element("response", "="))
        #expect(feature.handle(response, on: Self.receiving) == Self.failure("malformed-request"))
        let odd = XMLElement(
            Namespace.sasl, "auth", attributes: ["mechanism": "EXTERNAL"], [XMLElement("urn:x", "x")])
        #expect(feature.handle(.received(odd), on: Self.receiving) == Self.failure("malformed-request"))
    }

    @Test(arguments: ["PLAIN", "external", "", nil])
    func `SE-09: an unknown mechanism is refused, and another try is allowed`(mechanism: String?) {
        var feature = SASLExternalFeature()
        let refused = feature.handle(Self.auth("=", mechanism: mechanism), on: Self.receiving)
        #expect(refused == Self.failure("invalid-mechanism"))
        #expect(feature.handle(Self.auth("="), on: Self.receiving) == Self.success)
    }

    @Test func `SE-09: a handshake can be given up, or begun anew`() {
        var feature = SASLExternalFeature()
        _ = feature.handle(Self.auth(nil), on: Self.receiving)
        let abort = FeatureEvent.received(Self.element("abort"))
        #expect(feature.handle(abort, on: Self.receiving) == Self.failure("aborted"))
        _ = feature.handle(Self.auth(nil), on: Self.receiving)
        #expect(feature.handle(Self.auth("="), on: Self.receiving) == Self.success)
        let response = FeatureEvent.received(Self.element("response", "="))
        #expect(feature.handle(response, on: Self.receiving) == Self.failure("malformed-request"))
    }

    @Test func `SE-11, OW-01: without a proof the answer is not-authorized, whatever the identity`() {
        var feature = SASLExternalFeature()
        var stream = Self.receiving
        stream.proven = nil
        for text in ["=", "YS5leGFtcGxl"] {
            #expect(feature.handle(Self.auth(text), on: stream) == Self.failure("not-authorized"))
        }
    }

    @Test func `SE-11, DO-02: challenges without an answer end the stream`() {
        var feature = SASLExternalFeature()
        for _ in 1...5 {
            #expect(feature.handle(Self.auth(nil), on: Self.receiving) == [.send(Self.element("challenge"))])
        }
        let tooMany = FeatureAction.close(StreamError(.policyViolation, "too many failed authentications"))
        #expect(feature.handle(Self.auth(nil), on: Self.receiving) == [tooMany])
    }

    @Test func `SE-11: five failures end the stream`() {
        var feature = SASLExternalFeature()
        for _ in 1...4 {
            #expect(feature.handle(Self.auth("?"), on: Self.receiving) == Self.failure("incorrect-encoding"))
        }
        let last = feature.handle(Self.auth("?"), on: Self.receiving).last
        #expect(last == .close(StreamError(.policyViolation, "too many failed authentications")))
    }

    @Test func `SE-03: in clear the answer is encryption-required`() {
        var feature = SASLExternalFeature()
        var stream = Self.receiving
        stream.isEncrypted = false
        #expect(feature.handle(Self.auth("="), on: stream) == Self.failure("encryption-required"))
    }

    @Test(arguments: ["success", "challenge", "mechanisms", "x"])
    func `XS-20: what is no request closes the stream`(name: String) {
        var feature = SASLExternalFeature()
        let answer = feature.handle(.received(Self.element(name)), on: Self.receiving)
        #expect(answer == [.close(StreamError(.unsupportedStanzaType))])
        var stream = Self.receiving
        stream.hasAssociation = true
        #expect(feature.handle(Self.auth("="), on: stream) == [.close(StreamError(.unsupportedStanzaType))])
    }

    // MARK: - Initiating

    @Test func `SE-04: EXTERNAL is tried first, with our domain in Base64`() {
        var feature = SASLExternalFeature()
        let expected = XMLElement(
            Namespace.sasl, "auth", attributes: ["mechanism": "EXTERNAL"], text: "YS5leGFtcGxl")
        let answer = feature.handle(Self.mechanisms("PLAIN", "EXTERNAL"), on: Self.initiating)
        #expect(answer == [.send(expected), .waitForPeer])
    }

    @Test func `SE-04: EXTERNAL is not tried where it cannot succeed`() {
        var inClear = Self.initiating
        inClear.isEncrypted = false
        var withoutCertificate = Self.initiating
        withoutCertificate.presentedCertificate = false
        var again = Self.initiating
        again.hasAssociation = true
        for stream in [inClear, withoutCertificate, again] {
            var feature = SASLExternalFeature()
            #expect(feature.handle(Self.mechanisms("EXTERNAL"), on: stream) == [])
        }
        for event in [Self.mechanisms(), Self.mechanisms("PLAIN"), .advertised(nil)] {
            var feature = SASLExternalFeature()
            #expect(feature.handle(event, on: Self.initiating) == [])
        }
    }

    @Test func `SE-08: a challenge is answered, but not for ever`() {
        var feature = SASLExternalFeature()
        _ = feature.handle(Self.mechanisms("EXTERNAL"), on: Self.initiating)
        let challenge = FeatureEvent.received(Self.element("challenge"))
        for _ in 1...4 {
            let answer = feature.handle(challenge, on: Self.initiating)
            #expect(answer == [.send(Self.element("response", "YS5leGFtcGxl")), .waitForPeer])
        }
        #expect(feature.handle(challenge, on: Self.initiating) == [.close(StreamError(.policyViolation))])
    }

    @Test(arguments: [
        ("not-authorized", "not-authorized"), ("temporary-auth-failure", "temporary-auth-failure"),
        ("frobnicate", "not-authorized"), ("text", "not-authorized"),
    ])
    func `SE-11: an unknown condition counts as not-authorized`(said: String, understood: String) {
        var feature = SASLExternalFeature()
        _ = feature.handle(Self.mechanisms("EXTERNAL"), on: Self.initiating)
        let failure = XMLElement(Namespace.sasl, "failure", [Self.element(said, said == "text" ? "why" : nil)])
        let text = said == "text" ? "why" : nil
        #expect(
            feature.handle(.received(failure), on: Self.initiating) == [
                .report(.authenticationRefused(condition: understood, text: text))
            ])
    }

    @Test(arguments: ["success", "challenge", "failure"])
    func `SE-04: an answer without a question closes the stream`(name: String) {
        var feature = SASLExternalFeature()
        let answer = feature.handle(.received(Self.element(name)), on: Self.initiating)
        #expect(answer == [.close(StreamError(.unsupportedStanzaType))])
    }
}
