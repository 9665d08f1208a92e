/// What an XML declaration claims; its grammar is for libxml2 to check.
struct XMLDeclaration {
    /// What is wrong with the claim, or nil (XS-15, XS-16). `standalone` is ignored whatever it says (RFC 6120 §11.5).
    let fault: MarkupFault?

    /// - Parameter bytes: From `<?xml` to `?>`.
    init(_ bytes: some Collection<UInt8>) {
        // What nearly everybody writes, three times for each stream, is not worth a search.
        if Self.usual.contains(where: {
            bytes.elementsEqual(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount))
        }) {
            fault = nil
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if let version = Self.value(of: "version", in: text), version != "1.0" {
            fault = .wrongXMLVersion
        } else if let encoding = Self.value(of: "encoding", in: text), encoding.lowercased() != "utf-8" {
            // libxml2 would transcode it, and offsets into the raw bytes would mean nothing.
            fault = .wrongEncoding
        } else {
            fault = nil
        }
    }

    private static let usual: [StaticString] = ["<?xml version='1.0'?>", "<?xml version=\"1.0\"?>"]

    private static func value(of name: String, in text: String) -> Substring? {
        guard let found = text.firstRange(of: name) else { return nil }
        let rest = text[found.upperBound...].drop { $0 != "'" && $0 != "\"" }
        guard let quote = rest.first else { return nil }
        return rest.dropFirst().prefix { $0 != quote }
    }
}
