/// The messages of the benchmark: of an exact size, each with one octet that occurs nowhere else.
enum Message {
    /// Stands once in each body, before what ``body`` carries.
    static let marker = UInt8(ascii: "~")

    /// A message of `size` octets.
    static func make(from sender: String, to recipient: String, size: Int, content: String = "") -> [UInt8] {
        let start = "<message from='user@\(sender)' to='user@\(recipient)' type='chat' id='b1'><body>~\(content)"
        let end = "</body></message>"
        let padding = String(repeating: "x", count: max(0, size - start.utf8.count - end.utf8.count))
        return Array((start + padding + end).utf8)
    }

    /// How many messages have their marker in `bytes`.
    static func count(in bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in bytes { count &+= byte == marker ? 1 : 0 }
        return count
    }
}
