import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@Suite("A key that a domain was not proved with before")
struct ContinuityTests {
    private static let oldKey = [UInt8](repeating: 1, count: 32)
    private static let newKey = [UInt8](repeating: 2, count: 32)
    private static let question = EvidenceRequest.serviceRecords(of: domain("a.example"))
    private static let proof = Proof(["matched": "it"], expires: nil)

    private struct Publication: Prooftype {
        let name: ProoftypeName
        let explainsKeyChanges = true
        let script: @Sendable (DomainClaim, Evidence) -> Assessment

        func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment { script(claim, evidence) }
    }

    /// What the domain publishes.
    enum Word: String, CaseIterable, Sendable {
        case nothing, thisKey, anotherKey, unknown

        var assessment: Assessment {
            switch self {
            case .nothing: .inconclusive(reason: "nothing is published")
            case .thisKey: .proven(proof)
            case .anotherKey: .inconclusive(reason: "another key is published")
            case .unknown: .unavailable(reason: "bogus")
            }
        }
    }

    private static func known(_ keys: [[UInt8]]) -> [KnownKey] {
        keys.map { KnownKey(publicKeySHA256: $0, prooftype: "pkix", origin: .first, firstSeen: 10, lastSeen: 20) }
    }

    private static func claim(
        _ key: [UInt8]? = newKey, knowing keys: [[UInt8]] = [oldKey], side: DomainClaim.Side = .sender
    ) -> DomainClaim {
        DomainClaim(
            pair: side == .sender ? pair("a.example", "b.example") : pair("b.example", "a.example"), side: side,
            certificates: key.map { [PeerCertificate(der: [], sha256: [7], subjectPublicKeyInfoSHA256: $0)] } ?? [],
            moment: 100, knownKeys: known(keys))
    }

    private static func publication(_ name: ProoftypeName, _ word: Word) -> Publication {
        Publication(name: name) { _, _ in word.assessment }
    }

    /// Says it after one answer.
    private static func late(_ name: ProoftypeName, _ word: Word) -> Publication {
        Publication(name: name) { claim, evidence in
            evidence.serviceRecords(of: claim.claimedDomain) == nil ? .needs([question]) : word.assessment
        }
    }

    private static let pkix = ScriptedProoftype("pkix", always: .proven(proof))

    private static var answered: Evidence {
        var evidence = Evidence()
        evidence.add(Evidence.ServiceRecords(records: [], isSecure: false), of: domain("a.example"))
        return evidence
    }

    private static func conclusion(_ actions: [ProofCase.Action]) -> ProofConclusion? {
        guard actions.count == 1, case .concluded(let conclusion) = actions[0] else { return nil }
        return conclusion
    }

    /// What the two say, and which of them explains the change.
    private static let rows: [(dane: Word, posh: Word, explanation: ProoftypeName?)] = Word.allCases.flatMap { dane in
        Word.allCases.map { posh in
            (dane, posh, dane == .thisKey ? "dane" : posh == .thisKey ? "posh" : nil)
        }
    }

    @Test(arguments: rows)
    func `TP-09: TLSA or POSH for the new key explain it, and nothing else does`(
        dane: Word, posh: Word, explanation: ProoftypeName?
    ) throws {
        for response in KeyChange.Response.allCases {
            let policy = FederationPolicy(
                prooftypes: [Self.pkix, Self.publication("dane", dane), Self.publication("posh", posh)],
                keyChange: response)
            var proofCase = ProofCase(Self.claim(), under: policy)
            let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
            guard explanation != nil || response == .log else {
                #expect(conclusion.domain == nil && conclusion.isRefutation)
                #expect(conclusion.refusedKeyChange?.former == Self.known([Self.oldKey]))
                #expect(conclusion.verdicts.map(\.prooftype) == ["pkix", "dane", "posh", "continuity"])
                #expect(conclusion.explanation.contains("continuity: public key 0202"))
                continue
            }
            let proven = try #require(conclusion.domain)
            let change = try #require(proven.keyChange)
            #expect(change.explanation == explanation && change.publicKeySHA256 == Self.newKey)
            #expect(proven.proof.findings.last?.name == "key_change")
            #expect(proven.verdicts.contains { $0.prooftype == .continuity } == (explanation == nil))
            #expect(proven.association(by: .external).keyChange == change)
        }
    }

    /// What a server that nothing proves comes with, and whether dialback or encryption may take it all the same.
    private static let unproven: [(key: [UInt8]?, known: [[UInt8]], isTaken: Bool)] = [
        (newKey, [oldKey], false), (nil, [oldKey], false), (oldKey, [oldKey], true), (oldKey, [newKey, oldKey], true),
        (newKey, [], true), (nil, [], true),
    ]

    @Test(arguments: unproven)
    func `TP-09, PT-05, OW-03: where another key is refused, one that proves nothing is so too`(
        row: (key: [UInt8]?, known: [[UInt8]], isTaken: Bool)
    ) throws {
        let nothing = ScriptedProoftype("pkix", always: .inconclusive(reason: "nobody vouches"))
        for (response, word) in [(KeyChange.Response.refuse, Word.nothing), (.refuse, .thisKey), (.log, .nothing)] {
            let policy = FederationPolicy(
                level: .verified, prooftypes: [nothing],
                conditions: [ProofCondition(Self.publication("pin", word), isRequired: false)], keyChange: response)
            var proofCase = ProofCase(Self.claim(row.key, knowing: row.known, side: .target), under: policy)
            let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
            #expect(conclusion.domain == nil)
            let isTaken = row.isTaken || response == .log || word == .thisKey
            #expect(DialbackRules(policy).isUnopposed(conclusion) == isTaken)
            #expect(conclusion.verdicts.contains { $0.prooftype == .continuity } == !isTaken)
            #expect((conclusion.refusedKeyChange != nil) == (!isTaken && row.key != nil))
        }
        // Who dials us is proved by his own server, whatever he presents.
        var incoming = ProofCase(
            Self.claim(row.key, knowing: row.known), under: FederationPolicy(prooftypes: [nothing], keyChange: .refuse))
        #expect(Self.conclusion(incoming.handle(.opened))?.isRefutation == false)
    }

    /// Keys that are known, and the one that comes.
    private static let unchanged: [(known: [[UInt8]], key: [UInt8])] = [
        ([], newKey), ([newKey], newKey), ([oldKey, newKey], newKey), ([oldKey, newKey], oldKey),
    ]

    @Test(arguments: unchanged)
    func `TP-09: the first key of a domain, and one that is known, are no change`(
        known: [[UInt8]], key: [UInt8]
    ) throws {
        // What would explain it is not awaited.
        let policy = FederationPolicy(
            prooftypes: [Self.pkix, Self.late("dane", .nothing)], keyChange: .refuse)
        var proofCase = ProofCase(Self.claim(key, knowing: known), under: policy)
        let proven = try #require(Self.conclusion(proofCase.handle(.opened))?.domain)
        #expect(proven.keyChange == nil && !proven.proof.findings.contains { $0.name == "key_change" })
    }

    @Test(arguments: [true, false])
    func `TP-09: a key that was accepted unexplained is believed while such are, and no longer`(
        isFirstKnown: Bool
    ) throws {
        var keys = Self.known(isFirstKnown ? [Self.oldKey, Self.newKey] : [Self.newKey])
        keys[keys.count - 1].origin = .unexplained
        let claim = Self.claim().repeated(at: 200, delegation: nil, knownKeys: keys)
        for (response, word, isProven) in [
            (KeyChange.Response.log, Word.nothing, true), (.refuse, .nothing, false), (.refuse, .thisKey, true),
        ] {
            let policy = FederationPolicy(
                prooftypes: [Self.pkix, Self.publication("dane", word)], keyChange: response)
            var proofCase = ProofCase(claim, under: policy)
            let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
            #expect((conclusion.domain != nil) == isProven)
            #expect(conclusion.domain?.keyChange?.explanation == (word == .thisKey ? "dane" : nil))
            #expect(conclusion.refusedKeyChange?.former.count == (isProven ? nil : isFirstKnown ? 1 : 0))
        }
    }

    @Test(arguments: KeyChange.Response.allCases, [true, false])
    func `TP-09: what could explain a new key is awaited, whether it proves or is a condition`(
        response: KeyChange.Response, isCondition: Bool
    ) throws {
        for word in Word.allCases where word != .unknown || !isCondition {
            let dane = Self.late("dane", word)
            let policy = FederationPolicy(
                prooftypes: isCondition ? [Self.pkix] : [Self.pkix, dane],
                conditions: isCondition ? [ProofCondition(dane, isRequired: false)] : [], keyChange: response)
            var proofCase = ProofCase(Self.claim(), under: policy)
            #expect(proofCase.handle(.opened) == [.gather([Self.question])])
            let conclusion = try #require(Self.conclusion(proofCase.handle(.gathered(Self.answered))))
            #expect((conclusion.domain != nil) == (word == .thisKey || response == .log))
            #expect((conclusion.domain?.keyChange?.explanation == "dane") == (word == .thisKey))
        }
    }

    @Test func `TP-09: who explains nothing is not awaited, and silence explains nothing`() throws {
        let slow = ScriptedProoftype("slow") { _, _ in .needs([Self.question]) }
        var quick = ProofCase(
            Self.claim(), under: FederationPolicy(prooftypes: [Self.pkix, slow], keyChange: .refuse))
        #expect(Self.conclusion(quick.handle(.opened))?.refusedKeyChange != nil)
        var silent = ProofCase(
            Self.claim(),
            under: FederationPolicy(prooftypes: [Self.pkix, Self.late("posh", .thisKey)], keyChange: .refuse))
        #expect(silent.handle(.opened) == [.gather([Self.question])])
        let refusal = try #require(Self.conclusion(silent.handle(.timedOut)))
        #expect(refusal.refusedKeyChange != nil)
        #expect(refusal.explanation.contains("posh: its lookups were not answered in time"))
    }

    @Test func `PT-02: a claim that nothing proves, or that is refuted, says nothing of keys`() throws {
        for prooftype in [
            ScriptedProoftype("pkix", always: .inconclusive(reason: "expired")),
            ScriptedProoftype("pkix", always: .refuted(reason: "revoked")),
        ] {
            var proofCase = ProofCase(
                Self.claim(), under: FederationPolicy(prooftypes: [prooftype], keyChange: .refuse))
            let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
            #expect(conclusion.domain == nil && conclusion.refusedKeyChange == nil)
            #expect(conclusion.verdicts.map(\.prooftype) == ["pkix"])
        }
    }
}
