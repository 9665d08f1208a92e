/// Why there was no answer to one request for a POSH document.
public enum POSHFetchFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody answered, or not in HTTP; with why.
    case unreachable(String)
    /// The web server's certificate does not hold for its host by PKIX (PO-02); with why.
    case notAuthenticated(String)
    /// The host has no address that documents may come from (PO-22); with which it has.
    case forbiddenAddress(String)
    /// The body is larger than ``POSHDocument/mostOctets``.
    case tooLarge
    /// The time for the whole retrieval is over (PO-22).
    case timedOut

    /// The failure in words, for operators.
    public var description: String {
        switch self {
        case .unreachable(let reason): "no answer: \(reason)"
        case .notAuthenticated(let reason): "the web server did not prove who it is: \(reason)"
        case .forbiddenAddress(let reason): "documents may not come from there: \(reason)"
        case .tooLarge: "the document has more than \(POSHDocument.mostOctets) octets"
        case .timedOut: "the web server took too long"
        }
    }
}
