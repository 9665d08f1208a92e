internal import DNSMessages

/// A reason: in words, or what the words for a valid signature are made of, since nearly every answer has such a reason
/// and hardly anybody reads it.
enum ReportText: Hashable, Sendable {
    /// The signature of a record set by a key of a zone, until a moment in seconds since 1970.
    struct ValidSignature: Hashable, Sendable {
        let owner: DNSName
        let type: RecordType
        let keyTag: UInt16
        let zone: DNSName
        let expiration: Int64
    }

    case words(String)
    case validSignature(ValidSignature)
}

extension ReportText: CustomStringConvertible {
    var description: String {
        switch self {
        case .words(let words): words
        case .validSignature(let found):
            "RRSIG of \(found.owner) \(found.type) by key \(found.keyTag) of \(found.zone)"
                + " holds until \(UTCText.describe(found.expiration))"
        }
    }
}
