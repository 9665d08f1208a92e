internal import CLdns
internal import Synchronization

/// A public key as the library works with it, freed exactly once.
///
/// To make it from octets takes half the time of a check, so who checks more than once keeps it.
final class DecodedKey: Sendable {
    private let form: PublicKeyForm
    private let algorithm: SigningAlgorithm
    // The library promises nothing about a key that two threads use.
    private let handle: Mutex<UnsafeMutablePointer<ldns_key>>

    /// Reads the key of a zone.
    ///
    /// - Returns: nil when ``ZoneKey/isSupported`` is false for it, or the octets are no such key.
    init?(_ key: ZoneKey) {
        guard let form = PublicKeyForm(key), let handle = ldns_key_new() else { return nil }
        guard Self.decode(key, into: handle) else {
            ldns_key_deep_free(handle)
            return nil
        }
        self.form = form
        algorithm = key.algorithm
        self.handle = Mutex(handle)
    }

    deinit { handle.withLock { ldns_key_deep_free($0) } }

    /// Whether the key made a signature over octets; both in the form of DNS.
    func isValid(_ signature: [UInt8], over signed: [UInt8]) -> Bool {
        guard signature.count == form.signatureOctets else { return false }
        let octets = form.isCurve ? CurveSignature.encoded(signature) : signature
        return handle.withLock { key in
            guard let buffer = ldns_buffer_new(signed.count) else { return false }
            defer { ldns_buffer_free(buffer) }
            ldns_buffer_write(buffer, signed, signed.count)
            let digest = ligase_ldns_digest(algorithm.rawValue)
            return ldns_verify_rrsig_evp_raw(octets, octets.count, buffer, ldns_key_evp_key(key), digest)
                == LDNS_STATUS_OK
        }
    }

    /// Has the library make a key from octets whose form was looked at; it belongs to the handle from then on.
    private static func decode(_ key: ZoneKey, into handle: UnsafeMutablePointer<ldns_key>) -> Bool {
        let (octets, count) = (key.publicKey, key.publicKey.count)
        switch key.algorithm {
        case .rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512:
            guard let decoded = ldns_key_buf2rsa_raw(octets, count) else { return false }
            ldns_key_assign_rsa_key(handle, decoded)
        case .ecdsaP256SHA256, .ecdsaP384SHA384:
            guard let decoded = ldns_ecdsa2pkey_raw(octets, count, key.algorithm.rawValue) else { return false }
            ldns_key_set_evp_key(handle, decoded)
        case .ed25519:
            guard let decoded = ldns_ed255192pkey_raw(octets, count) else { return false }
            ldns_key_set_evp_key(handle, decoded)
        case .ed448:
            guard let decoded = ldns_ed4482pkey_raw(octets, count) else { return false }
            ldns_key_set_evp_key(handle, decoded)
        default:
            return false
        }
        return ldns_key_evp_key(handle) != nil
    }
}
