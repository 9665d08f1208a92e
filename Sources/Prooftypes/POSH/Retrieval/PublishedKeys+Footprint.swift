internal import DomainAssociation

extension PublishedKeys {
    /// About how many octets of memory it takes: a document may be hundreds of times as large as another, and those who
    /// write them know that (PO-22).
    var footprint: Int {
        var octets = 256 + urls.reduce(0) { $0 + 64 + $1.utf8.count }
        switch content {
        case .none(let reason), .unanswered(let reason), .invalid(let reason), .refused(let reason):
            octets += reason.utf8.count
        case .material(let material):
            octets += material.remarks.reduce(0) { $0 + 64 + $1.utf8.count }
            switch material.form {
            case .fingerprints(let descriptors):
                octets += descriptors.reduce(0) { $0 + Self.footprint($1.digests) }
            case .webKeys(let keys): octets += keys.reduce(0) { $0 + Self.footprint($1) }
            }
        }
        return octets
    }

    private static func footprint(_ digests: [PublishedKeyMaterial.HashAlgorithm: [UInt8]]) -> Int {
        digests.values.reduce(160) { $0 + 32 + $1.count }
    }

    private static func footprint(_ key: PublishedKeyMaterial.WebKey) -> Int {
        let numbers =
            switch key.publicKey {
            case .rsa(let modulus, let exponent): modulus.count + exponent.count
            case .ellipticCurve(let curve, let x, let y): curve.utf8.count + x.count + y.count
            case .octetKeyPair(let curve, let x): curve.utf8.count + x.count
            }
        return 192 + numbers + footprint(key.thumbprints) + key.certificates.reduce(0) { $0 + 48 + $1.count }
    }
}
