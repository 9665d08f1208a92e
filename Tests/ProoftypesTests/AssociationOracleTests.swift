import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

/// Every policy against every state of the world, each outcome foretold by ``AssociationOracle``.
@Suite("Whether a domain is proved, by the rules and by the engine")
struct AssociationOracleTests {
    /// Combinations tried of all that there are; the stride has no factor in common with their number.
    private static let samples = 6_000
    private static let stride = 40_009

    @Test
    func `PT-02, DA-07, DA-08, DA-21, PO-21, TP-09: nothing is proved that the rules refuse, in any order of answers`()
        throws
    {
        let world = try Laboratory()
        var generator = SplitMix(state: 0x5EED)
        var accepted = 0
        let count = AssociationOracle.count
        for number in 0..<Self.samples {
            let situation = AssociationOracle(number: (number * Self.stride) % count)
            let expected = situation.verdict
            let claim = try world.claim(situation)
            let policy = world.policy(situation)
            let reached = world.decide(claim, under: policy, situation, &generator)
            #expect(Self.summary(reached) == expected, "\(situation): \(reached.explanation)")
            // Another program that gathers by itself comes to the same end.
            let evidence = world.evidence(situation, claim)
            let again = DomainVerifier(policy: policy).conclude(claim, with: evidence)
            #expect(Self.summary(again) == expected, "\(situation): \(again.explanation)")
            if expected != .refused { accepted += 1 }
        }
        // A table that refuses everything would show nothing.
        #expect(accepted > Self.samples / 20 && accepted < Self.samples / 2)
    }

    private static func summary(_ conclusion: ProofConclusion) -> AssociationOracle.Verdict {
        guard case .proven(let domain) = conclusion else { return .refused }
        guard let change = domain.keyChange else { return .accepted }
        return change.explanation == nil ? .alarmed : .explained
    }
}

/// One state of the world under one policy, and what RFC 6698 §4.1, RFC 7673 §3 and §4, RFC 7711 §3.3 and the settings of
/// the interface make of it. It shares nothing with the engine but the names of settings.
struct AssociationOracle: CustomStringConvertible {
    enum Verdict { case refused, accepted, explained, alarmed }
    enum Side: CaseIterable { case dialled, dialling }
    enum Condition: CaseIterable { case off, whenPublished, required }
    enum Pin: CaseIterable { case none, own, other }
    enum Presented: CaseIterable { case issuedForDomain, issuedForHost, selfSigned, expired }
    enum Delegation: CaseIterable { case secure, insecure, unknown, unanswered }
    enum Records: CaseIterable { case key, otherKey, authority, unusable, absent, unknown, unanswered }
    enum Document: CaseIterable { case names, namesOther, none, refused, outdated, unanswered }
    enum Memory: CaseIterable { case nothing, own, other, ownUnexplained }

    let side: Side
    let condition: Condition
    let prooftypes: Set<String>
    let refusesNewKeys: Bool
    let pin: Pin
    let presented: Presented
    let delegation: Delegation
    let records: Records
    let document: Document
    let memory: Memory

    static let count = 2 * 3 * 7 * 2 * 3 * 4 * 4 * 7 * 6 * 4

    init(number: Int) {
        var rest = number
        func take<Choice>(_ choices: [Choice]) -> Choice {
            defer { rest /= choices.count }
            return choices[rest % choices.count]
        }
        side = take(Side.allCases)
        condition = take(Condition.allCases)
        let names = take([1, 2, 3, 4, 5, 6, 7])
        prooftypes = Set(["dane", "posh", "pkix"].enumerated().filter { names & 1 << $0.offset != 0 }.map(\.element))
        refusesNewKeys = take([false, true])
        pin = take(Pin.allCases)
        presented = take(Presented.allCases)
        delegation = take(Delegation.allCases)
        records = take(Records.allCases)
        document = take(Document.allCases)
        memory = take(Memory.allCases)
    }

    private enum Published { case key, authority, contradiction, nothing, unknown }

    /// What DNSSEC vouches for of the peer's keys.
    private var published: Published {
        switch delegation {
        case .insecure: return .nothing
        // Whoever dials would not have come so far; here the configuration names the server.
        case .unknown, .unanswered: return side == .dialled ? .nothing : .unknown
        case .secure: break
        }
        switch records {
        case .key: return .key
        case .otherKey: return .contradiction
        // An authority counts with dates and names (RFC 7671 §5.2).
        case .authority:
            return presented == .issuedForDomain || presented == .issuedForHost ? .authority : .contradiction
        case .unusable, .absent: return .nothing
        case .unknown, .unanswered: return .unknown
        }
    }

    private var isProvedByAuthority: Bool {
        switch presented {
        case .issuedForDomain: true
        case .issuedForHost: delegation == .secure
        case .selfSigned, .expired: false
        }
    }

    private var isProvedByDocument: Bool { document == .names && presented != .expired }

    var verdict: Verdict {
        if pin == .other { return .refused }
        if condition != .off {
            switch published {
            case .contradiction, .unknown: return .refused
            case .nothing where condition == .required: return .refused
            case .nothing, .key, .authority: break
            }
        }
        let isProved =
            prooftypes.contains("dane") && (published == .key || published == .authority)
            || prooftypes.contains("pkix") && isProvedByAuthority || prooftypes.contains("posh") && isProvedByDocument
        guard isProved else { return .refused }
        switch memory {
        case .nothing, .own: return .accepted
        case .ownUnexplained where !refusesNewKeys: return .accepted
        case .other, .ownUnexplained: break
        }
        let asksDNS = condition != .off || prooftypes.contains("dane")
        let isExplained =
            pin == .own || asksDNS && published == .key || prooftypes.contains("posh") && isProvedByDocument
        if isExplained { return .explained }
        return refusesNewKeys ? .refused : .alarmed
    }

    var description: String {
        "\(side), dane \(condition), \(prooftypes.sorted()), refuses new keys: \(refusesNewKeys), pin \(pin), "
            + "\(presented), services \(delegation), TLSA \(records), POSH \(document), known \(memory)"
    }
}

/// Makes certificates, records and documents for ``AssociationOracle``.
private struct Laboratory {
    private let chains: [AssociationOracle.Presented: [PeerCertificate]]
    private let trustStore: TrustStore
    private let authority: PeerCertificate
    private let theirs: DomainName
    private let ours: DomainName

    private static let host = "host.provider.example"
    private static let now = Certificates.now

    init() throws {
        theirs = try DomainName("a.example")
        ours = try DomainName("ours.example")
        chains = [
            .issuedForDomain: try Certificates.chain([.dns("a.example")]),
            .issuedForHost: try Certificates.chain([.dns(Self.host)]),
            .selfSigned: try TLSAFixtures.selfSigned([.dns("a.example")]),
            .expired: try Certificates.chain([.dns("a.example")]) { $0.notAfter = Self.now - 60 },
        ]
        authority = try Certificates.authority().issued.certificate
        trustStore = try TrustStore(authorities: [
            .bytes(Certificates.authority().issued.certificatePEM, name: "test root")
        ])
    }

    private func chain(_ situation: AssociationOracle) -> [PeerCertificate] { chains[situation.presented] ?? [] }

    func claim(_ situation: AssociationOracle) throws -> DomainClaim {
        let chain = chain(situation)
        let leaf = try #require(chain.first)
        var delegation: Delegation?
        switch situation.delegation {
        case .secure: delegation = Delegation(to: Self.host, isSecure: true, detail: "signed")
        case .insecure: delegation = Delegation(to: Self.host, isSecure: false, detail: "not signed")
        case .unknown, .unanswered: break
        }
        if situation.records != .unanswered, situation.delegation == .secure {
            delegation?.tlsa = TLSAFixtures.answer(content(situation), base: Self.host)
        }
        func known(_ key: [UInt8], _ origin: KnownKey.Origin) -> KnownKey {
            KnownKey(
                publicKeySHA256: key, prooftype: "pkix", origin: origin, firstSeen: Self.now - 1000,
                lastSeen: Self.now - 500)
        }
        let own = leaf.subjectPublicKeyInfoSHA256
        let other = [UInt8](repeating: 9, count: 32)
        let memory: [KnownKey] =
            switch situation.memory {
            case .nothing: []
            case .own: [known(other, .first), known(own, .explained)]
            case .other: [known(other, .first)]
            case .ownUnexplained: [known(own, .unexplained), known(other, .first)]
            }
        return DomainClaim(
            pair: situation.side == .dialled
                ? DomainPair(sender: ours, target: theirs) : DomainPair(sender: theirs, target: ours),
            side: situation.side == .dialled ? .target : .sender, certificates: chain, moment: Self.now,
            delegation: situation.side == .dialled ? delegation : nil, knownKeys: memory)
    }

    func policy(_ situation: AssociationOracle) -> FederationPolicy {
        let isBinding = situation.condition != .off
        let settings = ProoftypeSettings(trustStore: trustStore, isDANEBinding: isBinding)
        let all: [any Prooftype] = [
            DANEProoftype(trustStore: trustStore, isBinding: isBinding), POSHProoftype(),
            PKIXProoftype(trustStore: trustStore),
        ]
        var conditions: [ProofCondition] = []
        if isBinding {
            conditions.append(
                AllProoftypes.daneCondition(isRequired: situation.condition == .required, settings: settings))
        }
        switch situation.pin {
        case .none: break
        case .own:
            conditions.append(AllProoftypes.pinCondition(chain(situation).prefix(1).map(\.subjectPublicKeyInfoSHA256)))
        case .other:
            // A certificate further up is not the one that the proof is made on.
            conditions.append(AllProoftypes.pinCondition([authority.subjectPublicKeyInfoSHA256]))
        }
        return FederationPolicy(
            prooftypes: all.filter { situation.prooftypes.contains($0.name.description) }, conditions: conditions,
            keyChange: situation.refusesNewKeys ? .refuse : .log)
    }

    private func content(_ situation: AssociationOracle) -> TLSAAnswer.Content {
        switch situation.records {
        case .key: .records(chain(situation).prefix(1).map { TLSAFixtures.record(3, 1, 1, of: $0) })
        case .otherKey: .records([TLSAFixtures.wrong(3, 1, 1), TLSAFixtures.wrong(3, 1, 2)])
        case .authority: .records([TLSAFixtures.record(2, 0, 0, of: authority)])
        case .unusable: .records([TLSARecord(usage: 9, selector: 9, matching: 9, data: [9])])
        case .absent: .absent
        case .unknown, .unanswered: .unknown
        }
    }

    /// The answer to one question; false where none comes.
    private func answer(_ request: EvidenceRequest, _ situation: AssociationOracle, _ evidence: inout Evidence) -> Bool
    {
        switch request {
        case .serviceRecords(let domain):
            guard situation.delegation != .unanswered else { return false }
            let records = [ServiceRecord(priority: 0, weight: 0, port: 5269, target: Self.host)]
            evidence.add(
                Evidence.ServiceRecords(
                    records: situation.delegation == .unknown ? [] : records, isSecure: situation.delegation == .secure,
                    isUnknown: situation.delegation == .unknown), of: domain)
        case .tlsaRecords(let host, let port):
            guard situation.records != .unanswered else { return false }
            evidence.add(TLSAFixtures.answer(content(situation), base: host, port: port), host: host, port: port)
        case .publishedKeys(let domain, let service):
            guard situation.document != .unanswered else { return false }
            evidence.add(keys(situation), of: domain, for: service)
        }
        return true
    }

    private func keys(_ situation: AssociationOracle) -> PublishedKeys {
        let digest = situation.document == .namesOther ? [7] : chain(situation).first?.sha256 ?? []
        let material = PublishedKeyMaterial(.fingerprints([.init([.sha256: digest])]), lifetime: 60)
        return switch situation.document {
        case .names, .namesOther:
            PublishedKeys(.material(material), urls: ["https://a.example/"], expires: Self.now + 60)
        case .outdated: PublishedKeys(.material(material), urls: ["https://a.example/"], expires: Self.now)
        case .refused: PublishedKeys(.refused(reason: "redirected to plain HTTP"))
        case .none: PublishedKeys(.none(reason: "404"))
        case .unanswered: PublishedKeys(.unanswered(reason: "no answer"))
        }
    }

    /// All that the world would answer, whoever asks.
    func evidence(_ situation: AssociationOracle, _ claim: DomainClaim) -> Evidence {
        var evidence = Evidence()
        for request in [
            EvidenceRequest.serviceRecords(of: claim.claimedDomain), .tlsaRecords(host: Self.host, port: 5269),
            .publishedKeys(of: claim.claimedDomain),
        ] { _ = answer(request, situation, &evidence) }
        return evidence
    }

    /// Answers come one by one, in an order of chance; those that do not come are given up in the end.
    func decide(
        _ claim: DomainClaim, under policy: FederationPolicy, _ situation: AssociationOracle,
        _ generator: inout SplitMix
    ) -> ProofConclusion {
        var proofCase = ProofCase(claim, under: policy)
        var evidence = Evidence()
        var open: [EvidenceRequest] = []
        var actions = proofCase.handle(.opened)
        while true {
            for action in actions {
                switch action {
                case .concluded(let conclusion): return conclusion
                case .gather(let requests): open += requests
                }
            }
            open.shuffle(using: &generator)
            guard let request = open.popLast() else {
                for case .concluded(let conclusion) in proofCase.handle(.timedOut) { return conclusion }
                Issue.record("no conclusion: \(situation)")
                return .refused(claim, [])
            }
            actions = answer(request, situation, &evidence) ? proofCase.handle(.gathered(evidence)) : []
        }
    }
}

/// The same numbers in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
