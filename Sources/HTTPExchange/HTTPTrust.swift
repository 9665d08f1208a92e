/// What a server has to prove by its certificate before anything is sent.
///
/// The host of the URL has to be among the alternative names, always; what is set here has to hold besides.
public struct HTTPTrust: Hashable, Sendable {
    /// The authorities that the certificate may come from.
    public enum Authorities: Hashable, Sendable {
        /// The bundle that the system maintains; a client reads it at its first connection, which holds its loop up for some
        /// 30 ms, and keeps it for a day.
        case system
        /// Certificates in PEM, and no others.
        case pem([UInt8])
    }

    /// The authorities that the certificate may come from.
    public var authorities: Authorities
    /// SHA-256 digests of SubjectPublicKeyInfo, 32 octets each; the server's own key has to have one of them. Empty: any
    /// key.
    public var pins: [[UInt8]]
    /// An address, 4 or 16 octets, that has to be among the alternative names too (RFC 9462 §4.2).
    public var requiredAddress: [UInt8]?

    /// Makes the demands.
    public init(authorities: Authorities = .system, pins: [[UInt8]] = [], requiredAddress: [UInt8]? = nil) {
        self.authorities = authorities
        self.pins = pins
        self.requiredAddress = requiredAddress
    }
}
