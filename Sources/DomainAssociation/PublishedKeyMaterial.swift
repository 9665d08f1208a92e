/// The keys in a POSH document: any one of them that is the peer's proves the domain (PO-06).
public struct PublishedKeyMaterial: Hashable, Sendable {
    /// A hash function that a fingerprint may use.
    public enum HashAlgorithm: String, Hashable, Sendable, CaseIterable {
        /// SHA-1: only in the draft's form (`x5t`), and reported as weak.
        case sha1 = "sha-1"
        /// SHA-256: 32 octets.
        case sha256 = "sha-256"
        /// SHA-384: 48 octets.
        case sha384 = "sha-384"
        /// SHA-512: 64 octets.
        case sha512 = "sha-512"
    }

    /// The fingerprints of one certificate (RFC 7711 §3.1); the strongest of them decides (PO-04).
    public struct Descriptor: Hashable, Sendable {
        /// Digests over the certificate in DER; at least one.
        public var digests: [HashAlgorithm: [UInt8]]

        /// Makes a descriptor.
        public init(_ digests: [HashAlgorithm: [UInt8]]) {
            self.digests = digests
        }
    }

    /// The public members of a JSON Web Key (RFC 7518 §6, RFC 8037 §2), decoded.
    public enum PublicKey: Hashable, Sendable {
        /// `kty` "RSA": modulus and exponent as unsigned big-endian numbers.
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// `kty` "EC": the curve's name (`P-256`) and the coordinates.
        case ellipticCurve(curve: String, x: [UInt8], y: [UInt8])
        /// `kty` "OKP": the curve's name (`Ed25519`) and the key.
        case octetKeyPair(curve: String, x: [UInt8])
    }

    /// One JSON Web Key of the draft's form (draft-miller-posh-02 §4.1, RFC 7517 §4).
    public struct WebKey: Hashable, Sendable {
        /// The public members, which must agree with the certificate (PO-14).
        public var publicKey: PublicKey
        /// `x5t` and `x5t#S256`: digests over the certificate in DER (PO-13).
        public var thumbprints: [HashAlgorithm: [UInt8]]
        /// `x5c`: certificates in DER, of which the first must be the peer's (PO-15); often empty.
        public var certificates: [[UInt8]]

        /// Makes a key.
        public init(
            publicKey: PublicKey, thumbprints: [HashAlgorithm: [UInt8]], certificates: [[UInt8]] = []
        ) {
            self.publicKey = publicKey
            self.thumbprints = thumbprints
            self.certificates = certificates
        }
    }

    /// What a document holds, by its form.
    public enum Form: Hashable, Sendable {
        /// RFC 7711.
        case fingerprints([Descriptor])
        /// draft-miller-posh-02.
        case webKeys([WebKey])
    }

    /// The keys.
    public var form: Form
    /// `expires` in seconds as it counts, the lower of the two where a reference led here (PO-18); nil where the
    /// document does not say.
    public var lifetime: Int64?
    /// What was passed over and why (PO-10, PO-12).
    public var remarks: [String]
    /// What the domain's operator ought to be told loudly: that a private key is published (PO-12); one of the remarks.
    public var warning: String?

    /// Makes material.
    public init(_ form: Form, lifetime: Int64?, remarks: [String] = [], warning: String? = nil) {
        self.form = form
        self.lifetime = lifetime
        self.remarks = remarks
        self.warning = warning
    }
}
