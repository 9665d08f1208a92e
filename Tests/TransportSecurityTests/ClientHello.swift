/// The parts of a ClientHello that a policy shows in, read from the bytes that a client sends first.
struct ClientHello {
    let suites: [UInt16]
    let compressions: [UInt8]
    let extensions: Set<UInt16>

    /// Nil when `bytes` do not hold one whole ClientHello in one record.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func vector(sizeOctets: Int) -> ArraySlice<UInt8>? {
            guard let size = take(sizeOctets) else { return nil }
            return take(size.reduce(0) { $0 << 8 | Int($1) })
        }
        func numbers(_ bytes: ArraySlice<UInt8>) -> [UInt16] {
            let octets = Array(bytes)
            return stride(from: 0, to: octets.count - 1, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
        }
        // Record header, handshake header, version and random.
        guard let head = take(5 + 4 + 2 + 32), head.first == 22, vector(sizeOctets: 1) != nil,
            let suites = vector(sizeOctets: 2), let compressions = vector(sizeOctets: 1),
            let block = vector(sizeOctets: 2)
        else { return nil }
        self.suites = numbers(suites)
        self.compressions = Array(compressions)
        rest = block
        var extensions: Set<UInt16> = []
        while let type = take(2), vector(sizeOctets: 2) != nil { extensions.formUnion(numbers(type)) }
        self.extensions = extensions
    }
}
