/// Text where only elements and white space may stand.
enum FirstLevelText {
    /// What is wrong with it, or nil while one more byte is needed to say.
    ///
    /// - Parameter bytes: From the first byte that is no white space; `count` is at least 1.
    static func fault(_ bytes: UnsafePointer<UInt8>, count: Int) -> MarkupFault? {
        if bytes[0] == UInt8(ascii: "&") {
            guard count > 1 else { return nil }
            switch bytes[1] {
            case UInt8(ascii: "#"): return .textAtFirstLevel
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"),
                UInt8(ascii: ":"), 0x80...:
                return .entityReference
            default: return .malformed
            }
        }
        if bytes[0] < 0x20 { return .malformed }
        switch UTF8Sequence(bytes, count: count) {
        case .whole: return .textAtFirstLevel
        case .incomplete: return nil
        case .invalid: return .wrongEncoding
        }
    }
}
