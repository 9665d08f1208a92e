/// How a name server says that it fared, the extended bits of EDNS included (RFC 1035 §4.1.1, RFC 6891 §6.1.3).
public struct ResponseCode: RawRepresentable, Hashable, Sendable {
    /// The number, 12 bits.
    public let rawValue: UInt16

    /// A code by its number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// NOERROR: the name exists, with or without records of the type asked for.
    public static let noError = ResponseCode(rawValue: 0)
    /// FORMERR: the server did not understand the query.
    public static let formatError = ResponseCode(rawValue: 1)
    /// SERVFAIL: the server could not find out, or found a bogus answer.
    public static let serverFailure = ResponseCode(rawValue: 2)
    /// NXDOMAIN: the name does not exist, with any type.
    public static let nameError = ResponseCode(rawValue: 3)
    /// NOTIMP: the server does not know this kind of query.
    public static let notImplemented = ResponseCode(rawValue: 4)
    /// REFUSED: the server does not want to answer us.
    public static let refused = ResponseCode(rawValue: 5)
    /// BADVERS: the server does not know the version of EDNS (RFC 6891 §9).
    public static let badVersion = ResponseCode(rawValue: 16)
    /// BADCOOKIE: the server wants its own half of the cookie back, which comes with this response (RFC 7873 §8).
    public static let badCookie = ResponseCode(rawValue: 23)
}

extension ResponseCode: CustomStringConvertible {
    /// The mnemonic that operators know, or `RCODE` and the number.
    public var description: String {
        Self.mnemonics[self] ?? "RCODE\(rawValue)"
    }

    private static let mnemonics: [ResponseCode: String] = [
        .noError: "NOERROR", .formatError: "FORMERR", .serverFailure: "SERVFAIL", .nameError: "NXDOMAIN",
        .notImplemented: "NOTIMP", .refused: "REFUSED", ResponseCode(rawValue: 9): "NOTAUTH", .badVersion: "BADVERS",
        .badCookie: "BADCOOKIE",
    ]
}
