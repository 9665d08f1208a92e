/// How much work one question may make, whatever its answers contain (CVE-2023-50387, CVE-2023-50868).
public struct ValidationLimits: Hashable, Sendable {
    /// NSEC3 iterations above which a zone counts as insecure (RFC 9276).
    public var iterations: Int
    /// Signature checks for one question, its chain included.
    public var signatureChecks: Int
    /// Signature checks for one record set.
    public var signatureChecksPerSet: Int
    /// Keys with the same tag and algorithm that are tried.
    public var collidingKeys: Int
    /// NSEC3 hashes, rounds included, for one question.
    public var hashRounds: Int
    /// Fetches of DS and DNSKEY records for one question.
    public var fetches: Int
    /// Signature checks after which the loop has its turn.
    public var checksPerTurn: Int
    /// Seconds that our clock may be wrong (RFC 6840 §5: for the ends of a signature's validity).
    public var clockSkew: Int64

    /// Makes limits; the defaults are several times what honest zones need.
    public init(
        iterations: Int = 50, signatureChecks: Int = 64, signatureChecksPerSet: Int = 8, collidingKeys: Int = 4,
        hashRounds: Int = 4096, fetches: Int = 48, checksPerTurn: Int = 4, clockSkew: Int64 = 300
    ) {
        self.iterations = iterations
        self.signatureChecks = signatureChecks
        self.signatureChecksPerSet = signatureChecksPerSet
        self.collidingKeys = collidingKeys
        self.hashRounds = hashRounds
        self.fetches = fetches
        self.checksPerTurn = checksPerTurn
        self.clockSkew = clockSkew
    }
}
