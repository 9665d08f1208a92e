import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

/// XEP-0238 §3: who federates with whom, and how well each is proved to the other.
@Suite("Levels of federation")
struct FederationLevelTests {
    /// The service types of XEP-0238 §2. Our streams always try TLS, so that type 1 is played by a server that knows none,
    /// and types 2 and 3 reach with one another what their certificates are worth.
    enum ServiceType: Int, CaseIterable {
        case noTLS = 1
        case verifiedSelfSigned, verified, encryptedSelfSigned, encrypted, authenticated

        var level: FederationPolicy.Level {
            switch self {
            case .noTLS, .verifiedSelfSigned, .verified: .verified
            case .encryptedSelfSigned, .encrypted: .encrypted
            case .authenticated: .authenticated
            }
        }

        var isSelfSigned: Bool { self == .verifiedSelfSigned || self == .encryptedSelfSigned }

        func certificate(for name: String) -> PeerCertificate? {
            self == .noTLS ? nil : .naming([isSelfSigned ? "self-signed" : name])
        }

        /// What it is proved with to whoever has TLS with it.
        var worth: FederationPolicy.Level { isSelfSigned ? .encrypted : .authenticated }
    }

    /// What is reached, by the table; one that says otherwise of types 2 and 5 is at odds with the flow in its own §3.2.5.
    private static func expected(_ initiating: ServiceType, _ receiving: ServiceType) -> Bool {
        if receiving == .noTLS { return initiating.level == .verified }
        return initiating.worth >= receiving.level && receiving.worth >= initiating.level
    }

    private static func joined(
        _ initiating: ServiceType, _ receiving: ServiceType, asksForTLS: Bool
    ) -> StreamPair {
        var setup = StreamPair.Setup()
        setup.dialback = initiating.level
        setup.receivingDialback = receiving.level
        setup.initiatingCertificate = initiating.certificate(for: "a.example")
        setup.receivingCertificate = receiving.certificate(for: "b.example")
        setup.asksForTLS = asksForTLS
        let pair = StreamPair(setup)
        pair.negotiate()
        // The server that is dialled to ask about the key is that of the initiating domain.
        pair.answerQuestions(isProved: !initiating.isSelfSigned)
        return pair
    }

    @Test(arguments: ServiceType.allCases.dropFirst(), ServiceType.allCases)
    func `PT-05: the table of XEP-0238`(initiating: ServiceType, receiving: ServiceType) {
        var pair = Self.joined(initiating, receiving, asksForTLS: true)
        if receiving == .noTLS {
            #expect(pair.initiating.established.isEmpty && pair.receiving.established.isEmpty)
            let mayGoOn = pair.initiating.failures.contains {
                if case .encryptionRefused = $0 { true } else { false }
            }
            #expect(mayGoOn == (initiating.level == .verified))
            pair = Self.joined(initiating, receiving, asksForTLS: false)
        }
        let succeeds = Self.expected(initiating, receiving)
        let inClear = receiving == .noTLS
        #expect(pair.initiating.established.map(\.level) == (succeeds ? [inClear ? .verified : receiving.worth] : []))
        #expect(pair.receiving.established.map(\.level) == (succeeds ? [inClear ? .verified : initiating.worth] : []))
        #expect(pair.initiating.failures.isEmpty == succeeds)
        // Failing the level refuses the stream in both directions.
        pair.send([Receiving.good])
        #expect(pair.receiving.delivered.count == (succeeds ? 1 : 0))
    }
}
