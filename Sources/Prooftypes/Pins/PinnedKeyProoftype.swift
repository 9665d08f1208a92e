public import DomainAssociation
internal import TransportSecurity
internal import XMPPModel

/// Agreement of the peer's public key with one that the operator has pinned (`pin_sha256` in `[[remote]]`).
///
/// The proof is the key of the peer's certificate, its material comes from the configuration, and it needs no secure DNS
/// (PT-01). It is a condition besides what proves, and made for nothing else: pins say which key, not whose.
public struct PinnedKeyProoftype: Prooftype {
    /// The name in `associations`: `pin`.
    public let name: ProoftypeName = "pin"
    /// Yes: the operator has named the key.
    public let explainsKeyChanges = true

    private let pins: [[UInt8]]

    /// Makes the prooftype.
    ///
    /// - Parameter pins: SHA-256 digests of SubjectPublicKeyInfo; one has to match.
    public init(pins: [[UInt8]]) { self.pins = pins }

    /// Compares the key of the peer's own certificate, never one of its chain.
    public func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
        guard let leaf = claim.certificates.first else { return .inconclusive(reason: "no certificate was presented") }
        let key = leaf.subjectPublicKeyInfoSHA256
        guard pins.contains(key) else {
            return .refuted(
                reason: "the public key \(Base64.encode(key)) is none of the \(pins.count) in pin_sha256")
        }
        return .proven(Proof(["matched": "pin \(Base64.encode(key))"], expires: nil))
    }
}
