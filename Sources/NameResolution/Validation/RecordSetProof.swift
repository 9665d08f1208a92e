internal import DNSMessages

/// Proves single record sets by the keys of one zone (RFC 4035 §5.3).
struct RecordSetProof: Sendable {
    /// The signature that counts.
    struct Success: Hashable, Sendable {
        let signature: RecordSignature
        /// How long it holds from now on (RFC 4035 §5.3.3).
        let lifetime: Duration
        /// The labels of the wildcard's parent when the records were made from a wildcard; nil otherwise.
        let encloserLabels: Int?
        /// Which signature, by which key, until when.
        let text: ReportText
    }

    /// What came of it.
    enum Outcome: Hashable, Sendable {
        case proved(Success)
        /// Why no signature counts.
        case failed(String)
    }

    /// The signature that came furthest tells an operator most.
    private struct Failure {
        enum Step: Int {
            case unknownKey, unsuitable, mismatch
        }

        let step: Step
        let reason: String

        /// Takes note of a step, unless another signature came as far: a thousand failures are not put into words.
        static func advance(_ failure: inout Failure?, to step: Step, _ reason: @autoclosure () -> String) {
            if let failure, failure.step.rawValue >= step.rawValue { return }
            failure = Failure(step: step, reason: reason())
        }
    }

    let zone: DNSName
    let keys: [ZoneKey]
    let limits: ValidationLimits
    let time: ResolutionTime

    /// A wildcard makes no records of these types, which say where and how a zone is signed.
    private static let neverExpanded: Set<RecordType> = [.soa, .ns, .ds, .dnskey, .nsec, .nsec3, .nsec3param, .dname]

    /// Tries every signature of this zone with every key that it hints at, within the limits; one that holds is enough.
    ///
    /// - Parameters:
    ///   - records: One whole set.
    ///   - signatures: Those that stand with it.
    func prove(
        _ records: [DNSRecord], by signatures: [RecordSignature], work: inout ProofWork
    ) throws(ProofInterruption) -> Outcome {
        guard let first = records.first else { return .failed("there are no records to prove") }
        var failure: Failure?
        var attempts = 0
        for signature in signatures where signature.signer == zone {
            if let objection = objection(to: signature, over: first) {
                Failure.advance(&failure, to: .unsuitable, "\(describe(signature, over: first)) \(objection)")
                continue
            }
            let candidates = keys.filter { $0.algorithm == signature.algorithm && $0.tag == signature.keyTag }
            if candidates.isEmpty {
                Failure.advance(
                    &failure, to: .unknownKey,
                    "\(describe(signature, over: first)): there is no such key of \(signature.algorithm)")
            }
            for key in candidates.prefix(limits.collidingKeys) {
                attempts += 1
                guard attempts <= limits.signatureChecksPerSet else {
                    let title = "\(first.owner) \(first.type)"
                    return .failed("the signatures of \(title) take more than \(limits.signatureChecksPerSet) checks")
                }
                if try work.isValid(signature, over: records, by: key) {
                    return .proved(success(signature, over: records))
                }
                Failure.advance(
                    &failure, to: .mismatch, "\(describe(signature, over: first)) does not match the records")
            }
        }
        return .failed(failure?.reason ?? "\(first.owner) \(first.type) has no signature by \(zone)")
    }

    private func describe(_ signature: RecordSignature, over record: DNSRecord) -> String {
        "RRSIG of \(record.owner) \(record.type) by key \(signature.keyTag) of \(zone)"
    }

    /// Why a signature does not count, whatever key made it; nil when it may.
    private func objection(to signature: RecordSignature, over record: DNSRecord) -> String? {
        guard signature.owner == record.owner, signature.coveredType == record.type else {
            return "is of another record set"
        }
        guard limits.accepts(signature.algorithm) else { return "is of unsupported \(signature.algorithm)" }
        let labels = Self.signedLabels(of: record.owner)
        guard Int(signature.labels) <= labels else { return "claims \(signature.labels) labels" }
        if Int(signature.labels) < labels {
            if Self.neverExpanded.contains(record.type) { return "makes \(record.type) from a wildcard" }
            // The wildcard has to lie in the zone, too.
            if Int(signature.labels) < zone.labelCount { return "claims a wildcard above the zone" }
        }
        return SignatureWindow(signature, around: time.wallClock)
            .objection(at: time.wallClock, skew: limits.clockSkew)
    }

    private func success(_ signature: RecordSignature, over records: [DNSRecord]) -> Success {
        let window = SignatureWindow(signature, around: time.wallClock)
        let bounds =
            records.map { Int64($0.timeToLive) }
            + [Int64(signature.timeToLive), Int64(signature.originalTimeToLive), window.expiration - time.wallClock]
        let isExpanded = Int(signature.labels) < Self.signedLabels(of: signature.owner)
        return Success(
            signature: signature, lifetime: .seconds(max(0, bounds.min() ?? 0)),
            encloserLabels: isExpanded ? Int(signature.labels) : nil,
            text: .validSignature(
                .init(
                    owner: signature.owner, type: signature.coveredType, keyTag: signature.keyTag, zone: zone,
                    expiration: window.expiration)))
    }

    /// The labels that a signature counts: all but the root and a leading wildcard (RFC 4034 §3.1.3).
    private static func signedLabels(of owner: DNSName) -> Int {
        owner.labelCount - (owner.isWildcard ? 1 : 0)
    }
}
