public import DNSMessages

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
    /// Zones whose keys are kept at most.
    public var keptZones: Int
    /// Names at most of which it is kept whether a zone begins there.
    public var keptDelegations: Int
    /// Whether keys and digests with SHA-1 count; without, a zone that has no others is insecure (DS-12).
    public var acceptsSHA1: Bool

    static let digestSHA1: UInt8 = 1

    /// Makes limits; the defaults are several times what honest zones need.
    public init(
        iterations: Int = 50, signatureChecks: Int = 64, signatureChecksPerSet: Int = 8, collidingKeys: Int = 4,
        hashRounds: Int = 4096, fetches: Int = 48, checksPerTurn: Int = 4, clockSkew: Int64 = 300,
        keptZones: Int = 1024, keptDelegations: Int = 4096, acceptsSHA1: Bool = true
    ) {
        self.iterations = iterations
        self.signatureChecks = signatureChecks
        self.signatureChecksPerSet = signatureChecksPerSet
        self.collidingKeys = collidingKeys
        self.hashRounds = hashRounds
        self.fetches = fetches
        self.checksPerTurn = checksPerTurn
        self.clockSkew = clockSkew
        self.keptZones = keptZones
        self.keptDelegations = keptDelegations
        self.acceptsSHA1 = acceptsSHA1
    }

    /// Whether signatures of an algorithm are checked; a zone that has no others counts as unsigned (RFC 4035 §5.2).
    public func accepts(_ algorithm: SigningAlgorithm) -> Bool {
        let isSHA1 = algorithm == .rsaSHA1 || algorithm == .rsaSHA1NSEC3
        return SigningAlgorithm.supported.contains(algorithm) && (acceptsSHA1 || !isSHA1)
    }

    /// Whether the digest of a DS record is of a type that is checked.
    public func accepts(digestOf signer: DelegationSigner) -> Bool {
        signer.isSupported && (acceptsSHA1 || signer.digestType != Self.digestSHA1)
    }
}
