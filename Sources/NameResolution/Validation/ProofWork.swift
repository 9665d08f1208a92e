internal import DNSMessages

/// The expensive steps that one question has made: each is done once, counted, and refused beyond the limits.
///
/// A proof that was interrupted starts again and finds here what it had worked out, so only new steps count.
struct ProofWork: Sendable {
    private struct Check: Hashable {
        let signature: RecordSignature
        let key: ZoneKey
        let records: [DNSRecord]

        /// Different checks are of different signatures, but for contrived ones, and these the limits bound.
        func hash(into hasher: inout Hasher) {
            signature.signature.withUnsafeBytes { hasher.combine(bytes: $0) }
            hasher.combine(key.tag)
        }
    }

    private struct HashedName: Hashable {
        let name: DNSName
        let parameters: NextSecureHashed.Parameters
    }

    private let limits: ValidationLimits
    private let keys: KeyShelf
    private var checks: [Check: Bool] = [:]
    private var hashes: [HashedName: [UInt8]] = [:]
    private var hashRounds = 0
    private var fetches = 0
    /// Signature checks that may still be made before the loop has its turn.
    var checksLeftInTurn = 0

    init(limits: ValidationLimits, keys: KeyShelf) {
        self.limits = limits
        self.keys = keys
    }

    /// Signature checks made so far.
    var signatureChecks: Int { checks.count }

    /// Whether a signature is that of a key over records.
    mutating func isValid(
        _ signature: RecordSignature, over records: [DNSRecord], by key: ZoneKey
    ) throws(ProofInterruption) -> Bool {
        let check = Check(signature: signature, key: key, records: records)
        if let known = checks[check] { return known }
        guard checks.count < limits.signatureChecks else {
            throw .exhausted("the signatures take more than \(limits.signatureChecks) checks")
        }
        guard checksLeftInTurn > 0 else { throw .turnEnded }
        checksLeftInTurn -= 1
        let isValid = SignatureCheck.isValid(signature, over: records, by: key, keepingKeyOn: keys)
        checks[check] = isValid
        return isValid
    }

    /// The hash of a name; the caller has compared the iterations with the limit.
    mutating func hash(
        of name: DNSName, _ parameters: NextSecureHashed.Parameters
    ) throws(ProofInterruption) -> [UInt8] {
        let hashed = HashedName(name: name, parameters: parameters)
        if let known = hashes[hashed] { return known }
        let rounds = Int(parameters.iterations) + 1
        guard hashRounds + rounds <= limits.hashRounds else {
            throw .exhausted("the NSEC3 records take more than \(limits.hashRounds) rounds of hashing")
        }
        hashRounds += rounds
        let hash = parameters.hash(of: name)
        hashes[hashed] = hash
        return hash
    }

    /// Counts a fetch.
    mutating func spendFetch() throws(ProofInterruption) {
        guard fetches < limits.fetches else {
            throw .exhausted("the chain of trust takes more than \(limits.fetches) queries")
        }
        fetches += 1
    }
}
