internal import COpenSSL
internal import XMPPModel

/// Kind and size of a public key, and whether it is strong enough (RFC 9325 §4.2.1, §4.5).
struct PublicKeyFacts {
    let kind: PeerCertificate.KeyKind
    let bits: Int

    /// Reads the facts of `key`; without a key they are those of an unknown kind.
    init(borrowing key: OpaquePointer?) {
        guard let key else {
            kind = .other
            bits = 0
            return
        }
        bits = Int(EVP_PKEY_get_bits(key))
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: kind = .rsa
        case EVP_PKEY_EC: kind = .ellipticCurve
        case EVP_PKEY_ED25519, EVP_PKEY_ED448: kind = .edwardsCurve
        default: kind = .other
        }
    }

    /// The least size for the kind, or `nil` when the kind is not supported.
    var minimumBits: Int? {
        switch kind {
        case .rsa: 2048
        case .ellipticCurve: 224
        case .edwardsCurve: 0
        case .other: nil
        }
    }
}
