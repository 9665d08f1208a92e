/// What is wrong with a POSH document (RFC 7711 §3.1 and §3.2, draft-miller-posh-02 §4).
public enum POSHDocumentFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// It has more octets than this.
    case tooLarge(limit: Int)
    /// It is not one JSON text with one meaning (PO-16).
    case notJSON(JSONFault)
    /// It is JSON, but not an object.
    case notAnObject
    /// It is a reference and holds keys at the same time (PO-11).
    case referenceWithKeys
    /// It is neither a reference, nor holds keys (PO-11).
    case neitherReferenceNorKeys
    /// `expires` is missing where the form demands it (PO-03).
    case missingExpiry
    /// `expires` is no integer from zero up (PO-17).
    case badExpiry
    /// `expires` is zero: the domain says that nothing counts any more (PO-17).
    case withdrawn
    /// `fingerprints` or `keys` is no array of objects (PO-03).
    case notAListOfObjects(String)
    /// `fingerprints` or `keys` is empty (PO-03, PO-12).
    case emptyList(String)
    /// `url` is no https URL (PO-10); with why not.
    case badURL(String)
    /// It says nothing that counts; with what was passed over and why (PO-04, PO-12), and what of it is worse than useless:
    /// a private key.
    case nothingUsable([String], warning: String?)

    /// The fault in words, for operators.
    public var description: String {
        switch self {
        case .tooLarge(let limit): "the document has more than \(limit) octets"
        case .notJSON(let fault): "the document cannot be read: \(fault)"
        case .notAnObject: "the document is not a JSON object"
        case .referenceWithKeys: "the document has \"url\" and keys at once"
        case .neitherReferenceNorKeys: "the document has none of \"fingerprints\", \"keys\" and \"url\""
        case .missingExpiry: "the document has no \"expires\""
        case .badExpiry: "\"expires\" is not a number of seconds"
        case .withdrawn: "\"expires\" is 0: the domain has withdrawn it"
        case .notAListOfObjects(let name): "\"\(name)\" is not an array of objects"
        case .emptyList(let name): "\"\(name)\" is empty"
        case .badURL(let reason): "\"url\" cannot be used: \(reason)"
        case .nothingUsable(let remarks, _): "nothing in the document can be used: \(remarks.joined(separator: "; "))"
        }
    }
}
