internal import COpenSSL

/// Digests and keyed digests over bytes, by OpenSSL.
public enum Digest {
    /// SHA-1: 20 octets. Only where a specification fixes it (XEP-0114, POSH `x5t`), never as a proof of its own.
    public static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        compute(EVP_sha1(), bytes)
    }

    /// SHA-256: 32 octets.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        compute(EVP_sha256(), bytes)
    }

    /// SHA-384: 48 octets.
    public static func sha384(_ bytes: [UInt8]) -> [UInt8] {
        compute(EVP_sha384(), bytes)
    }

    /// SHA-512: 64 octets.
    public static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        compute(EVP_sha512(), bytes)
    }

    /// HMAC with SHA-256 (RFC 2104): 32 octets.
    public static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, initialized in
            var count: UInt32 = 0
            let result = key.withUnsafeBytes { key in
                message.withUnsafeBytes { message in
                    HMAC(
                        EVP_sha256(), key.baseAddress, Int32(clamping: key.count), message.baseAddress,
                        message.count, buffer.baseAddress, &count)
                }
            }
            initialized = result == nil ? 0 : Int(count)
        }
    }

    /// Whether two byte strings are equal, in a time that depends on their lengths alone.
    public static func areEqualInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        return CRYPTO_memcmp(first, second, first.count) == 0
    }

    private static func compute(_ algorithm: OpaquePointer?, _ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, initialized in
            var count: UInt32 = 0
            let result = bytes.withUnsafeBytes {
                EVP_Digest($0.baseAddress, $0.count, buffer.baseAddress, &count, algorithm, nil)
            }
            initialized = result == 1 ? Int(count) : 0
        }
    }
}
