/// Bytes on their way out, contiguous; the front part may have left already.
struct OutputBuffer {
    /// What is left of a large buffer is moved to its front once this much of it has gone.
    private static let compactionThreshold = 64 * 1024

    var bytes: [UInt8] = []
    private var sent = 0

    var count: Int { bytes.count - sent }
    var isEmpty: Bool { bytes.count == sent }

    /// Offers everything to `descriptor`: how much it took, or the negative `errno`.
    mutating func send(on descriptor: SocketDescriptor) -> Int {
        let count = bytes.withUnsafeBytes { descriptor.send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
        guard count > 0 else { return count }
        sent += count
        if !isEmpty, sent >= Self.compactionThreshold, sent >= bytes.count / 2 {
            bytes.removeSubrange(0..<sent)
            sent = 0
        }
        return count
    }

    /// Drops everything and hands the memory over.
    mutating func release() -> [UInt8] {
        var released: [UInt8] = []
        swap(&released, &bytes)
        sent = 0
        return released
    }
}
