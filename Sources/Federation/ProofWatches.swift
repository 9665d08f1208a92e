internal import DomainAssociation
internal import XMPPModel

/// What the associations of one stream rest on. Those that rest on the same proof share one watch and one review, however many
/// pairs they are.
struct ProofWatches {
    /// What is known of proofs by now, for who tells of them elsewhere.
    struct Findings: Sendable {
        fileprivate let ends: [Subject: Int64]
        fileprivate let reviews: [Subject: LateReview]

        /// When the proof of an association ends, in seconds since 1970.
        func expires(_ association: Association) -> Int64? { ends[Subject(association)] ?? association.expires }

        /// What every prooftype said of it.
        func verdicts(of association: Association) -> [ProofVerdict] {
            guard let late = reviews[Subject(association)]?.verdicts, !late.isEmpty else { return association.verdicts }
            return association.verdicts.map { verdict in
                late.first { $0.prooftype == verdict.prooftype } ?? verdict
            }
        }
    }

    /// What a proof was made of.
    fileprivate struct Subject: Hashable {
        var domain: DomainName
        var isInbound: Bool
        var certificateSHA256: [UInt8]?

        init(_ association: Association) {
            domain = association.remoteDomain
            isInbound = association.direction == .inbound
            certificateSHA256 = association.certificateSHA256
        }
    }

    private struct Entry {
        var count = 0
        var watch: ProofWatch?
        var review: LateReview?
    }

    private var entries: [Subject: Entry] = [:]

    /// Counts an association.
    ///
    /// - Returns: Whether it is the first that rests on its proof.
    mutating func join(_ association: Association) -> Bool {
        let subject = Subject(association)
        entries[subject, default: Entry()].count += 1
        return entries[subject]?.count == 1
    }

    /// Counts an association that is over; with the last one the watch ends.
    mutating func leave(_ association: Association) {
        let subject = Subject(association)
        guard let count = entries[subject]?.count else { return }
        guard count == 1 else {
            entries[subject]?.count = count - 1
            return
        }
        entries.removeValue(forKey: subject)?.watch?.cancel()
    }

    mutating func set(_ watch: ProofWatch?, of association: Association) {
        let subject = Subject(association)
        guard entries[subject] != nil else {
            watch?.cancel()
            return
        }
        entries[subject]?.watch = watch
    }

    mutating func set(_ review: LateReview, of association: Association) {
        entries[Subject(association)]?.review = review
    }

    var findings: Findings {
        Findings(ends: entries.compactMapValues(\.watch?.expires), reviews: entries.compactMapValues(\.review))
    }

    /// Those of some associations that rest on the same proof as one.
    static func sharing(_ association: Association, among others: [Association]) -> [Association] {
        let (subject, domain) = (Subject(association), association.remoteDomain)
        return others.filter { $0.remoteDomain == domain && Subject($0) == subject }
    }

    mutating func cancel() {
        for entry in entries.values { entry.watch?.cancel() }
        entries = [:]
    }
}
