/// Takes apart what OpenSSL has already found to be well-formed DER (X.690): one element after the other.
struct DERElements {
    private var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) { rest = octets }

    /// The content of the next element; nil where it has another tag, or is cut off.
    mutating func take(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.count >= 2, rest.first == tag else { return nil }
        var body = rest.dropFirst()
        var length = Int(body.removeFirst())
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...3).contains(count), body.count >= count else { return nil }
            length = body.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            body = body.dropFirst(count)
        }
        guard body.count >= length else { return nil }
        rest = body.dropFirst(length)
        return body.prefix(length)
    }
}
