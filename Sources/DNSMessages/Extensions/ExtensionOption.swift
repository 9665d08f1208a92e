/// One option in the pseudo record of EDNS (RFC 6891 §6.1.2).
struct ExtensionOption {
    /// What the option is about.
    struct Code: RawRepresentable, Hashable {
        let rawValue: UInt16

        /// RFC 7873.
        static let cookie = Code(rawValue: 10)
        /// RFC 7830.
        static let padding = Code(rawValue: 12)
        /// RFC 8914.
        static let extendedError = Code(rawValue: 15)
    }

    static let headerOctets = 4

    let code: Code
    let value: [UInt8]

    /// Code, length and value.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.appendBigEndian(code.rawValue)
        octets.appendBigEndian(UInt16(truncatingIfNeeded: value.count))
        return octets + value
    }

    /// Reads options to the end of the data.
    ///
    /// - Returns: nil when one is cut short.
    static func read(_ data: ArraySlice<UInt8>) -> [ExtensionOption]? {
        var options: [ExtensionOption] = []
        var rest = data
        while !rest.isEmpty {
            let header = Array(rest.prefix(headerOctets))
            guard header.count == headerOctets else { return nil }
            let count = Int(header.bigEndian(at: 2) as UInt16)
            rest = rest.dropFirst(headerOctets)
            guard rest.count >= count else { return nil }
            options.append(
                ExtensionOption(code: Code(rawValue: header.bigEndian(at: 0)), value: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return options
    }
}
