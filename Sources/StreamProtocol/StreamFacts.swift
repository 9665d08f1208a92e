public import DomainAssociation
public import XMPPModel

/// What a feature may know of its stream; read-only.
public struct StreamFacts: Hashable, Sendable {
    /// Which side we are.
    public var role: StreamRole
    /// Whether TLS protects the stream.
    public var isEncrypted: Bool
    /// Whether nothing may happen in clear but the start of TLS.
    public var isTLSMandatory: Bool
    /// As initiating side: whether TLS is asked for even of a server that does not offer it (TL-07).
    public var asksForTLS = true
    /// Whether TLS could be started: a certificate is at hand for the domain that is addressed.
    public var canEncrypt: Bool
    /// Whether any pair is associated, or was before a restart.
    public var hasAssociation: Bool
    /// Our domain on this stream, once it is known.
    public var localDomain: DomainName?
    /// The domain that the peer claims in its protected header, or that we dialled.
    public var remoteDomain: DomainName?
    /// What the peer has proved, once that is decided.
    public var proven: ProvenDomain?
    /// Whether we presented a certificate in the TLS handshake.
    public var presentedCertificate: Bool
    /// Whether pairs may be proved by dialback on the stream as it is.
    public var allowsDialback = false

    /// States the facts; the defaults are those of a fresh TCP connection.
    public init(
        role: StreamRole, isEncrypted: Bool = false, isTLSMandatory: Bool = true, canEncrypt: Bool = true,
        hasAssociation: Bool = false, localDomain: DomainName? = nil, remoteDomain: DomainName? = nil,
        proven: ProvenDomain? = nil,
        presentedCertificate: Bool = false
    ) {
        self.role = role
        self.isEncrypted = isEncrypted
        self.isTLSMandatory = isTLSMandatory
        self.canEncrypt = canEncrypt
        self.hasAssociation = hasAssociation
        self.localDomain = localDomain
        self.remoteDomain = remoteDomain
        self.proven = proven
        self.presentedCertificate = presentedCertificate
    }
}
