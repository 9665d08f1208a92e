public import XMPPModel

/// What `close` names.
public enum CloseTarget: Hashable, Sendable, CustomStringConvertible {
    /// One stream, as `streams` lists it: `s17`.
    case stream(StreamID)
    /// Every stream that carries a pair with this domain, ours or theirs.
    case domain(DomainName)

    /// Reads an operator's word: what looks like a stream identifier is one, anything else is a domain.
    ///
    /// - Throws: ``AddressError`` when it is neither.
    public init(_ text: String) throws(AddressError) {
        if let stream = StreamID(text) {
            self = .stream(stream)
        } else {
            self = .domain(try DomainName(text))
        }
    }

    /// The word that ``init(_:)`` reads.
    public var description: String {
        switch self {
        case .stream(let stream): stream.description
        case .domain(let domain): domain.description
        }
    }
}
