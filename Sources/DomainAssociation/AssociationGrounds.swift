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
        let proof: Proof
        let verdicts: [ProofVerdict]
        let certificateSHA256: [UInt8]?
        let publicKeySHA256: [UInt8]?
        let keyWitness: ProoftypeName?
        let keyChange: RareChange?
        let since: Int64
    }

    let content: Content

    init(_ proven: ProvenDomain) {
        let certificate = proven.basis.certificate(of: proven.claim)
        content = Content(
            basis: proven.basis, prooftype: proven.prooftype, level: proven.level, proof: proven.proof,
            verdicts: proven.verdicts, certificateSHA256: certificate?.sha256,
            publicKeySHA256: certificate?.subjectPublicKeyInfoSHA256, keyWitness: proven.keyWitness,
            keyChange: proven.keyChange.map { .change($0) }, since: proven.claim.moment)
    }

    static func == (left: AssociationGrounds, right: AssociationGrounds) -> Bool {
        left === right || left.content == right.content
    }

    func hash(into hasher: inout Hasher) { hasher.combine(content) }
}
