public import DNSMessages

/// Proves what responses claim, from the trust anchors down (RFC 4035 §5): for all questions of one resolver.
///
/// It asks for the keys that it needs and keeps those of zones that it has proved.
public struct Validator: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// A response is to be proved; the identifier comes back with the verdict and has to be unique.
        case began(ValidationTask, identifier: Int)
        /// What came of a fetch: the response as it came, or why there is none.
        case fetched(DNSQuestion, Result<DNSResponse, LookupFailure>)
        /// The loop had its turn.
        case resumed
        /// Nobody waits for a verdict any more.
        case cancelled(identifier: Int)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Have a DS or DNSKEY question answered by the servers of its name, with signatures, unchecked by them; past the
        /// cache of answers. At most one fetch of the same question is under way.
        case fetch(DNSQuestion)
        /// Report ``Event/resumed`` at a later turn of the loop: there are signatures left to check.
        case resumeLater
        /// The verdict on a task.
        case concluded(identifier: Int, ValidationVerdict)
    }

    private let anchors: TrustAnchorSet
    private let limits: ValidationLimits

    /// - Parameters:
    ///   - anchors: Where chains of trust begin.
    ///   - limits: How much work a question may make.
    public init(anchors: TrustAnchorSet, limits: ValidationLimits = ValidationLimits()) {
        self.anchors = anchors
        self.limits = limits
    }

    /// Takes note of an event.
    public mutating func handle(_ event: Event, at time: ResolutionTime) -> [Action] {
        guard case .began(_, let identifier) = event else { return [] }
        let report = ValidationReport(status: .indeterminate, reason: "not validated")
        return [.concluded(identifier: identifier, ValidationVerdict(report: report, lifetime: nil))]
    }
}
