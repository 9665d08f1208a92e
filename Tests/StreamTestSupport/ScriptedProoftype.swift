public import DomainAssociation
internal import XMPPModel

/// A prooftype that says what a test wants it to say (PT-01: it is plugged in like any other).
public struct ScriptedProoftype: Prooftype {
    /// See ``Prooftype/name``.
    public let name: ProoftypeName
    private let script: @Sendable (DomainClaim, Evidence) -> Assessment

    /// A prooftype with its script.
    public init(
        _ name: ProoftypeName = "scripted", script: @escaping @Sendable (DomainClaim, Evidence) -> Assessment
    ) {
        self.name = name
        self.script = script
    }

    /// One that always says the same.
    public init(_ name: ProoftypeName = "scripted", always assessment: Assessment) {
        self.init(name) { _, _ in assessment }
    }

    /// One that believes the domains that stand in the certificate's dNSNames, without a look at who issued it.
    public static let believing = ScriptedProoftype { claim, _ in
        let names = claim.certificates.first?.subjectAlternativeNames ?? []
        return names.contains(.dnsName(claim.claimedDomain.ascii))
            ? .proven(Proof(["matched": "DNS-ID \(claim.claimedDomain.ascii)"], expires: nil))
            : .inconclusive(reason: "the certificate is not for \(claim.claimedDomain)")
    }

    /// See ``Prooftype/assess(_:with:)``.
    public func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment { script(claim, evidence) }
}
