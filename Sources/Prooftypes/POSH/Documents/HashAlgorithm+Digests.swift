internal import DomainAssociation
internal import TransportSecurity

extension PublishedKeyMaterial.HashAlgorithm {
    /// The strongest first.
    static let byStrength: [Self] = [.sha512, .sha384, .sha256, .sha1]

    /// The size of a digest.
    var octets: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// The digest over `bytes`.
    func digest(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha1: Digest.sha1(bytes)
        case .sha256: Digest.sha256(bytes)
        case .sha384: Digest.sha384(bytes)
        case .sha512: Digest.sha512(bytes)
        }
    }
}
