/// Why there is no POSH document to publish.
public enum POSHPublicationFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// No certificate was given.
    case noCertificate
    /// A lifetime below a second withdraws what it stands in (RFC 7711 §3.1).
    case badExpiry
    /// A reference has to be an https URL.
    case badURL(String)
    /// The certificate's key is of a kind that the draft's form cannot name.
    case unsupportedKey(subject: String)

    /// The fault in words, for operators.
    public var description: String {
        switch self {
        case .noCertificate: "there is no certificate to publish"
        case .badExpiry: "the document has to count for a second at least"
        case .badURL(let url): "\(url.beginning(200)) is no https URL"
        case .unsupportedKey(let subject):
            "the key of \(subject) is neither RSA, nor of a curve that JSON Web Keys know"
        }
    }
}
