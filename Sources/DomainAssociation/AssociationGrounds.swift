internal import XMPPModel

/// What an association rests on: made once, and held by every association that rests on it.
final class AssociationGrounds: Hashable, Sendable {
    /// Rare and large, so that it is kept apart.
    indirect enum RareChange: Hashable, Sendable {
        case change(KeyChange)

        var value: KeyChange {
            switch self {
            case .change(let change): change
            }
        }
    }

    struct Content: Hashable, Sendable {
        let basis: ProofBasis
        let prooftype: ProoftypeName
        let level: FederationPolicy.Level
        var proof: Proof
        var verdicts: [ProofVerdict]
        var certificateSHA256: [UInt8]?
        var publicKeySHA256: [UInt8]?
        let keyWitness: ProoftypeName?
        let keyChange: RareChange?
    }

    let content: Content

    init(_ proven: ProvenDomain) {
        let certificate = proven.basis.certificate(of: proven.claim)
        content = Content(
            basis: proven.basis, prooftype: proven.prooftype, level: proven.level, proof: proven.proof,
            verdicts: proven.verdicts, certificateSHA256: certificate?.sha256,
            publicKeySHA256: certificate?.subjectPublicKeyInfoSHA256, keyWitness: proven.keyWitness,
            keyChange: proven.keyChange.map { .change($0) })
    }

    private init(_ content: Content) { self.content = content }

    /// Equal to these, and as much of it as can be is that of others.
    func sharing(_ other: AssociationGrounds) -> AssociationGrounds {
        guard other !== self else { return self }
        let known = other.content
        guard content != known else { return other }
        var shared = content
        shared.proof.findings = content.proof.findings.sharing(known.proof.findings)
        shared.verdicts = content.verdicts.sharing(known.verdicts)
        if content.certificateSHA256 == known.certificateSHA256 { shared.certificateSHA256 = known.certificateSHA256 }
        if content.publicKeySHA256 == known.publicKeySHA256 { shared.publicKeySHA256 = known.publicKeySHA256 }
        return AssociationGrounds(shared)
    }

    static func == (left: AssociationGrounds, right: AssociationGrounds) -> Bool {
        left === right || left.content == right.content
    }

    func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

extension Array where Element: Equatable {
    /// The storage of others where all is equal, else that of their elements where these are.
    fileprivate func sharing(_ others: [Element]) -> [Element] {
        guard self != others else { return others }
        guard count == others.count else { return self }
        return zip(self, others).map { $0 == $1 ? $1 : $0 }
    }
}
