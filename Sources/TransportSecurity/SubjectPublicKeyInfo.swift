internal import COpenSSL

/// Public keys as certificates carry them (RFC 5280 §4.1.2.7).
public enum SubjectPublicKeyInfo {
    /// Whether `der` is exactly one public key, in DER, of a kind that OpenSSL knows.
    public static func isWellFormed(_ der: [UInt8]) -> Bool {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            guard let key = d2i_PUBKEY(nil, &cursor, bytes.count) else { return false }
            EVP_PKEY_free(key)
            return cursor == bytes.baseAddress.map { $0 + bytes.count }
        }
    }
}
