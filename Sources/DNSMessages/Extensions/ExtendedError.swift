/// Why a server has no better answer, for an operator to read: it is not authenticated and decides nothing (RFC 8914).
public struct ExtendedError: Hashable, Sendable {
    /// The number in the IANA registry.
    public let code: UInt16
    /// What the server adds in words, of at most ``maximumTextOctets``; control characters are replaced.
    public let text: String

    /// How much of the text is kept.
    public static let maximumTextOctets = 256
    /// How many errors of one response are kept.
    static let maximumCount = 4

    /// Makes an error; what of the text is too long is cut off.
    public init(code: UInt16, text: String = "") {
        self.code = code
        self.text = Self.printable(text)
    }

    init?(_ option: ExtensionOption) {
        guard option.code == .extendedError, option.value.count >= 2 else { return nil }
        let text = option.value[2...].prefix(Self.maximumTextOctets)
        self.init(code: option.value.bigEndian(at: 0), text: String(decoding: text, as: UTF8.self))
    }

    var option: ExtensionOption {
        var value: [UInt8] = []
        value.appendBigEndian(code)
        return ExtensionOption(code: .extendedError, value: value + Array(text.utf8))
    }

    private static func printable(_ text: String) -> String {
        var printable = String.UnicodeScalarView()
        var octets = 0
        for scalar in text.unicodeScalars {
            let isControl = [.control, .format, .lineSeparator, .paragraphSeparator]
                .contains(scalar.properties.generalCategory)
            let kept = isControl ? "\u{FFFD}" : scalar
            octets += UTF8.width(kept)
            guard octets <= maximumTextOctets else { break }
            printable.append(kept)
        }
        return String(printable)
    }

    private static let purposes = [
        "other error", "unsupported DNSKEY algorithm", "unsupported DS digest type", "stale answer", "forged answer",
        "DNSSEC indeterminate", "DNSSEC bogus", "signature expired", "signature not yet valid", "DNSKEY missing",
        "RRSIGs missing", "no Zone Key bit set", "NSEC missing", "cached error", "not ready", "blocked", "censored",
        "filtered", "prohibited", "stale NXDOMAIN answer", "not authoritative", "not supported",
        "no reachable authority", "network error", "invalid data",
    ]
}

extension ExtendedError: CustomStringConvertible {
    /// The purpose by its name in the registry, and the server's words.
    public var description: String {
        let purpose = Int(code) < Self.purposes.count ? Self.purposes[Int(code)] : "extended error \(code)"
        return text.isEmpty ? purpose : "\(purpose) (\(text))"
    }
}
