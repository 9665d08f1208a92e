/// What a client offers at the beginning of TLS, as far as tests look at it (RFC 8446 §4.1.2).
struct ClientHello {
    var versions: [UInt16] = []
    var compressionMethods: [UInt8] = []
    var extensions: Set<UInt16> = []
    /// What follows the record with the hello.
    var rest: [UInt8]

    /// - Parameter wire: Octets from the first on; nil when they do not begin with a ClientHello.
    init?(_ wire: [UInt8]) {
        guard wire.count > 43, wire[0] == 0x16, wire[5] == 1 else { return nil }
        let end = 5 + (Int(wire[3]) << 8 | Int(wire[4]))
        guard wire.count >= end else { return nil }
        rest = Array(wire[end...])
        var cursor = 43
        func number(_ count: Int) -> Int {
            defer { cursor += count }
            return (cursor..<cursor + count).reduce(0) { $0 << 8 | Int($1 < end ? wire[$1] : 0) }
        }
        cursor += number(1)
        cursor += number(2)
        let methods = number(1)
        compressionMethods = Array(wire[cursor..<min(cursor + methods, end)])
        cursor += methods + 2
        while cursor + 4 <= end {
            let kind = number(2)
            let length = number(2)
            let start = cursor
            extensions.insert(UInt16(kind))
            if kind == 43 {
                let count = number(1) / 2
                versions = (0..<count).map { _ in UInt16(number(2)) }
            }
            cursor = start + length
        }
    }
}
