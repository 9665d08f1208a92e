internal import COpenSSL

/// Bytes that nobody can guess.
public enum SecureRandom {
    /// `count` random octets, or `nil` when the generator cannot be trusted now.
    public static func bytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(clamping: count)) == 1 else { return nil }
        return bytes
    }
}
