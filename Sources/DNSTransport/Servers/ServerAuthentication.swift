public import DNSMessages

/// What a name server has to prove when its channel is encrypted (RFC 8310 §8).
///
/// Everything that is set has to hold: with pins and a name, both (DT-05).
public struct ServerAuthentication: Hashable, Sendable {
    /// The authentication domain name in A-label form, or an address literal: the certificate's subjectAltName has to
    /// have it, and its path has to end at an authority (RFC 8310 §8.1). It is the server name of the handshake too.
    public var name: String?
    /// SHA-256 digests of SubjectPublicKeyInfo, 32 octets each: one certificate of the chain has to have one of them
    /// (RFC 7858 §4.2).
    public var pins: [[UInt8]]
    /// Who may have issued the certificate; without meaning where only pins are set.
    public var authorities: CertificateAuthorities
    /// An address that the certificate has to have as an iPAddress, besides a path to an authority: what a designated
    /// resolver proves (RFC 9462 §4.2).
    public var requiredAddressName: IPAddress?

    /// Makes the demands; the default demands nothing, and so authenticates nobody.
    public init(
        name: String? = nil, pins: [[UInt8]] = [], authorities: CertificateAuthorities = .system,
        requiredAddressName: IPAddress? = nil
    ) {
        self.name = name
        self.pins = pins
        self.authorities = authorities
        self.requiredAddressName = requiredAddressName
    }

    /// Whether anything is demanded, so that a server can be authenticated at all (DP-01).
    public var isPossible: Bool { name != nil || !pins.isEmpty || requiredAddressName != nil }
}
