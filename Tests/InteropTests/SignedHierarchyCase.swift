import DNSMessages
import Demonstration
import NameResolution
import Testing

/// A question about the signed hierarchy, and what is to come of it.
struct SignedHierarchyCase: CustomTestStringConvertible, Sendable {
    let name: String
    let type: RecordType
    let status: SecurityStatus
    /// What unbound makes of it, where that is something else.
    var unboundStatus: SecurityStatus?

    var testDescription: String { "\(name) \(type): \(status)" }

    init(_ name: String, _ type: RecordType, _ status: SecurityStatus, unbound: SecurityStatus? = nil) {
        (self.name, self.type, self.status, unboundStatus) = (name, type, status, unbound)
    }

    /// Whether an answer of our resolver is the right one; a bogus one has no source that may be named.
    func isRight(_ answer: Answer, over transport: AnswerSource.Transport) -> Bool {
        answer.security == status && (answer.failure != nil) == (status == .bogus)
            && answer.report?.reason.isEmpty == false
            && (status == .bogus || answer.source?.transport == transport)
    }

    /// The zones below the root, for all but the algorithms.
    static let zones: [SignedZone] =
        [
            .signed("test"), .signed("nsec.test"), .signed("nsec3.test", denial: .hashed()),
            .signed("optout.test", denial: .hashed(optOut: true)), .unsigned("plain.optout.test"),
            .signed("salted.test", denial: .hashed(iterations: 1, salt: [0xAB, 0xCD])),
            .signed("iterations.test", denial: .hashed(iterations: 100)), .unsigned("unsigned.test"),
            .signed("hashed-parent.test", denial: .hashed()), .unsigned("plain.hashed-parent.test"),
            .signed("broken.test", flaw: .brokenSignatures()),
            .signed("keys.test", flaw: .brokenSignatures([.dnskey])), .signed("expired.test", flaw: .expired),
            .signed("future.test", flaw: .notYetValid), .signed("stranger.test", flaw: .unpublishedKey),
            .signed("stripped.test", flaw: .unsigned), .signed("digest.test", flaw: .wrongDigest),
            .signed("unknown.test", flaw: .unknownAlgorithm), .signed("island.test", flaw: .notAnnounced),
            .signed("wildcard.test"), .signed("hashed-wildcard.test", denial: .hashed()), .signed("alias.test"),
            .signed("p384.test", algorithm: .ecdsaP384SHA384),
        ]

    /// One signed zone for each algorithm, below `test`.
    static let algorithmZones: [SignedZone] =
        [.signed("test")] + algorithms.map { .signed("\($0.zone).test", algorithm: $0.algorithm, denial: $0.denial) }

    /// One zone for each algorithm.
    static let algorithms: [(zone: String, algorithm: SigningAlgorithm, denial: ZoneSigner.Denial)] = [
        ("rsasha1", .rsaSHA1, .nextSecure), ("rsasha1-nsec3", .rsaSHA1NSEC3, .hashed()),
        ("rsasha256", .rsaSHA256, .nextSecure), ("rsasha512", .rsaSHA512, .nextSecure),
        ("p256", .ecdsaP256SHA256, .nextSecure), ("p384", .ecdsaP384SHA384, .nextSecure),
        ("ed25519", .ed25519, .nextSecure), ("ed448", .ed448, .hashed()),
    ]

    static let statuses: [SignedHierarchyCase] = [
        .init("www.nsec.test", .a, .secure), .init("_xmpp-server._tcp.nsec.test", .srv, .secure),
        .init("_5269._tcp.www.nsec.test", .tlsa, .secure), .init("www.nsec3.test", .a, .secure),
        .init("www.unsigned.test", .a, .insecure), .init("nothing.unsigned.test", .a, .insecure),
        .init("www.plain.hashed-parent.test", .a, .insecure), .init("www.plain.optout.test", .a, .insecure),
        .init("www.island.test", .a, .insecure), .init("www.broken.test", .a, .bogus),
        .init("nothing.broken.test", .a, .bogus), .init("www.keys.test", .a, .bogus),
        .init("www.expired.test", .a, .bogus), .init("www.future.test", .a, .bogus),
        .init("www.stranger.test", .a, .bogus), .init("www.stripped.test", .a, .bogus),
    ]

    static let delegations: [SignedHierarchyCase] = [
        .init("www.digest.test", .a, .bogus), .init("www.unknown.test", .a, .insecure),
        .init("www.p384.test", .a, .secure),
    ]

    static let denials: [SignedHierarchyCase] = [
        .init("nothing.nsec.test", .a, .secure), .init("www.nsec.test", .aaaa, .secure),
        .init("_tcp.nsec.test", .a, .secure), .init("nothing.test", .a, .secure), .init("nothing", .a, .secure),
        .init("x.any.wildcard.test", .a, .secure), .init("x.y.any.wildcard.test", .a, .secure),
        .init("x.any.wildcard.test", .aaaa, .secure), .init("x.some.any.wildcard.test", .a, .secure),
    ]

    static let hashedDenials: [SignedHierarchyCase] = [
        .init("nothing.nsec3.test", .a, .secure), .init("www.nsec3.test", .aaaa, .secure),
        .init("_tcp.nsec3.test", .a, .secure), .init("a.b.c.nsec3.test", .a, .secure),
        .init("nothing.salted.test", .a, .secure), .init("x.any.hashed-wildcard.test", .a, .secure),
        .init("x.y.any.hashed-wildcard.test", .a, .secure), .init("x.any.hashed-wildcard.test", .aaaa, .secure),
        .init("x.some.any.hashed-wildcard.test", .a, .secure), .init("www.optout.test", .a, .secure),
        // Something unsigned may lie in the gap (RFC 5155 §9.2).
        .init("nothing.optout.test", .a, .insecure),
    ]

    static let iterations: [SignedHierarchyCase] = [
        .init("www.iterations.test", .a, .secure),
        // Compatibility: unbound 1.17.1 takes 150 rounds, we 50.
        .init("nothing.iterations.test", .a, .insecure, unbound: .secure),
    ]

    static let aliases: [SignedHierarchyCase] = [
        .init("inside.alias.test", .a, .secure), .init("outside.alias.test", .a, .insecure),
        .init("chain.alias.test", .a, .insecure), .init("broken.alias.test", .a, .bogus),
        .init("www.moved.alias.test", .a, .secure), .init("nothing.moved.alias.test", .a, .secure),
        .init("www.away.alias.test", .a, .insecure),
    ]

    static let perAlgorithm = algorithms.flatMap { algorithm -> [SignedHierarchyCase] in
        [.init("www.\(algorithm.zone).test", .a, .secure), .init("nothing.\(algorithm.zone).test", .a, .secure)]
    }

    static let all = statuses + delegations + denials + hashedDenials + iterations + aliases
}
