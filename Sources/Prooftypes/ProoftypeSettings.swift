public import TransportSecurity

/// What prooftypes have to know of the policy for one remote domain.
public struct ProoftypeSettings: Sendable {
    /// The authorities for this remote domain.
    public var trustStore: TrustStore
    /// The certificate usages of TLSA records that count (`dane_usages`).
    public var daneUsages: Set<UInt8>
    /// Whether TLSA records that do not match refute (`dane` is not off).
    public var isDANEBinding: Bool
    /// Whether the SHA-1 thumbprints of the draft's POSH form count (`posh_sha1`).
    public var acceptsPOSHWithSHA1: Bool

    /// Collects the settings; all but the authorities are the defaults of the configuration.
    public init(
        trustStore: TrustStore, daneUsages: Set<UInt8> = DANEProoftype.allUsages, isDANEBinding: Bool = true,
        acceptsPOSHWithSHA1: Bool = true
    ) {
        self.trustStore = trustStore
        self.daneUsages = daneUsages
        self.isDANEBinding = isDANEBinding
        self.acceptsPOSHWithSHA1 = acceptsPOSHWithSHA1
    }
}
