/// A prooftype that has to agree with whatever else proves a domain, such as TLSA records where they are published.
///
/// It is separate from what proves: one that matches meets the condition, and proves something only if the policy lists it
/// among its prooftypes as well.
public struct ProofCondition: Sendable {
    /// The prooftype that has to agree.
    public var prooftype: any Prooftype
    /// Whether it has to match. Otherwise it must only not refute, and what it would say must be known.
    public var isRequired: Bool

    /// Makes a condition.
    public init(_ prooftype: any Prooftype, isRequired: Bool) {
        self.prooftype = prooftype
        self.isRequired = isRequired
    }
}
