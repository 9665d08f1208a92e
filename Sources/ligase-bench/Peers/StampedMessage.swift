/// A message that carries the moment of its sending as sixteen letters behind its marker.
final class StampedMessage {
    static let digits = 16
    private var bytes: [UInt8]
    private let position: Int

    init(from sender: String, to recipient: String, size: Int) {
        let stamp = String(repeating: "a", count: Self.digits)
        bytes = Message.make(from: sender, to: recipient, size: size, content: stamp)
        position = (bytes.firstIndex(of: Message.marker) ?? 0) + 1
    }

    /// Lends the message with the given stamp.
    func withStamp(_ nanoseconds: UInt64, _ body: (UnsafeRawBufferPointer) -> Void) {
        for digit in 0..<Self.digits {
            bytes[position + digit] = UInt8(ascii: "a") + UInt8(nanoseconds >> (4 * UInt64(digit)) & 15)
        }
        bytes.withUnsafeBytes(body)
    }
}

/// Finds stamps in what arrives, however it is cut.
final class StampReader {
    private let found: (UInt64) -> Void
    /// How many letters of the stamp at hand have come; nil outside a stamp.
    private var progress: UInt64?
    private var value: UInt64 = 0

    init(found: @escaping (UInt64) -> Void) {
        self.found = found
    }

    func read(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            guard let digit = progress else {
                if byte == Message.marker {
                    progress = 0
                    value = 0
                }
                continue
            }
            value |= UInt64(byte &- UInt8(ascii: "a")) << (4 * digit)
            progress = digit + 1
            if digit + 1 == UInt64(StampedMessage.digits) {
                progress = nil
                found(value)
            }
        }
    }
}
