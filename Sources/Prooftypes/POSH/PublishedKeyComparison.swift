internal import DomainAssociation
internal import TransportSecurity
internal import XMPPModel

/// The comparison of one certificate with what a domain publishes (RFC 7711 §3.3, draft-miller-posh-02 §4.3).
struct PublishedKeyComparison {
    /// What agreed.
    struct Match {
        var algorithm: PublishedKeyMaterial.HashAlgorithm
        var digest: [UInt8]
        /// The member that held it: `sha-256`, `x5t#S256`, `x5t`.
        var member: String

        /// Whether nothing but SHA-1 names the certificate.
        var isWeak: Bool { algorithm == .sha1 }
        /// The digest as an operator compares it.
        var fingerprint: String { "\(algorithm.rawValue) \(Base64.encode(digest))" }
        var description: String { "\(member) \(Base64.encode(digest).prefix(16))…" }
    }

    /// Why what names the certificate still does not count.
    private(set) var nearMisses: [String] = []

    private let leaf: PeerCertificate
    private let acceptsSHA1: Bool
    private var digests: [PublishedKeyMaterial.HashAlgorithm: [UInt8]] = [:]

    init(with leaf: PeerCertificate, acceptsSHA1: Bool) {
        self.leaf = leaf
        self.acceptsSHA1 = acceptsSHA1
    }

    /// The first entry that is the certificate (PO-06).
    mutating func firstMatch(in material: PublishedKeyMaterial) -> Match? {
        switch material.form {
        case .fingerprints(let descriptors):
            for descriptor in descriptors {
                if let match = match(descriptor) { return match }
            }
        case .webKeys(let keys):
            for key in keys {
                if let match = match(key) { return match }
            }
        }
        return nil
    }

    /// The strongest digest decides, whatever the others say (PO-04).
    private mutating func match(_ descriptor: PublishedKeyMaterial.Descriptor) -> Match? {
        guard let algorithm = strongest(descriptor.digests), let digest = descriptor.digests[algorithm] else {
            return nil
        }
        guard digest == ours(algorithm) else {
            let weaker = descriptor.digests.first { $0.value == ours($0.key) }
            if let weaker {
                nearMisses.append("\(weaker.key.rawValue) matches, but \(algorithm.rawValue) beside it does not")
            }
            return nil
        }
        return Match(algorithm: algorithm, digest: digest, member: algorithm.rawValue)
    }

    private mutating func match(_ key: PublishedKeyMaterial.WebKey) -> Match? {
        guard let algorithm = strongest(key.thumbprints), let digest = key.thumbprints[algorithm] else { return nil }
        guard digest == ours(algorithm) else {
            if algorithm != .sha1, key.thumbprints[.sha1] == ours(.sha1) {
                nearMisses.append("x5t matches, but x5t#S256 beside it does not")
            }
            return nil
        }
        guard algorithm != .sha1 || acceptsSHA1 else {
            nearMisses.append("x5t matches, but SHA-1 is not accepted (posh_sha1 = false)")
            return nil
        }
        // Whoever found another certificate with the same SHA-1 would still need this key (PO-14).
        guard let certified = PublicKeyMembers.members(of: leaf.subjectPublicKeyInfo) else {
            nearMisses.append("a thumbprint matches, but the certificate's key is of a kind that is not supported")
            return nil
        }
        guard PublicKeyMembers.areEqual(certified, key.publicKey) else {
            nearMisses.append("a thumbprint matches, but the published key is another than the certificate's")
            return nil
        }
        // The certificates behind the first are nobody's anchor (PO-15).
        if let first = key.certificates.first, first != leaf.der {
            nearMisses.append("a thumbprint matches, but x5c begins with another certificate")
            return nil
        }
        return Match(algorithm: algorithm, digest: digest, member: algorithm == .sha1 ? "x5t" : "x5t#S256")
    }

    private func strongest(
        _ digests: [PublishedKeyMaterial.HashAlgorithm: [UInt8]]
    ) -> PublishedKeyMaterial.HashAlgorithm? {
        PublishedKeyMaterial.HashAlgorithm.byStrength.first { digests[$0] != nil }
    }

    private mutating func ours(_ algorithm: PublishedKeyMaterial.HashAlgorithm) -> [UInt8] {
        if let known = digests[algorithm] { return known }
        let digest = algorithm.digest(leaf.der)
        digests[algorithm] = digest
        return digest
    }
}
