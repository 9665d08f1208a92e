public import XMPPModel

/// The server that we dialled for a sender domain, to ask it whether a key is its own (XEP-0220 §1.3).
public struct AuthoritativeServer: Hashable, Sendable {
    /// What the prooftypes say of it; its claim is for the sender domain, on the side of the target.
    public let conclusion: ProofConclusion
    /// Whether TLS protects the connection.
    public let isEncrypted: Bool
    /// Where it was reached, for operators.
    public let address: String

    /// Describes a server.
    public init(_ conclusion: ProofConclusion, isEncrypted: Bool, address: String) {
        self.conclusion = conclusion
        self.isEncrypted = isEncrypted
        self.address = address
    }

    /// The certificate that it presented; nil when it presented none.
    public var certificate: PeerCertificate? { isEncrypted ? conclusion.claim.certificates.first : nil }
}
