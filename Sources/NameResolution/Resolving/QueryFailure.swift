public import DNSMessages

/// Why an attempt could not be carried out.
public enum QueryFailure: Error, Hashable, Sendable {
    /// The server cannot be reached, or closed the connection; as the system words it.
    case unreachable(String)
    /// TLS failed for another reason than the server's identity: no common version, or an alert.
    case encryptionFailed(String)
    /// The server did not prove who it is: its certificate, name or pin does not hold; why. Possibly an attack.
    case notAuthenticated(String)
    /// What came back is not a response to the query.
    case malformed(DNSMessageFailure)
    /// The HTTP server answered with another status than success (RFC 8484 §4.2.1).
    case refusedByHTTP(status: Int)
    /// The HTTP server answered with something else than a DNS message (RFC 8484 §6); its media type, nil without one.
    case wrongMediaType(String?)
}

extension QueryFailure: CustomStringConvertible {
    /// The failure in words, for an operator.
    public var description: String {
        switch self {
        case .unreachable(let error): "not reachable: \(error)"
        case .encryptionFailed(let error): "no encryption: \(error)"
        case .notAuthenticated(let reason): "did not prove who it is: \(reason)"
        case .malformed(let failure): "malformed response: \(failure)"
        case .refusedByHTTP(let status): "HTTP status \(status)"
        case .wrongMediaType(let type): "answers with \(type ?? "something untyped"), not with DNS"
        }
    }

    /// What it means for a lookup that has nobody else to ask than the server of this name.
    func lookupFailure(of server: String) -> LookupFailure {
        switch self {
        case .unreachable(let error), .encryptionFailed(let error): .unreachable("\(server): \(error)")
        case .notAuthenticated(let reason): .notAuthenticated("\(server): \(reason)")
        case .malformed(let failure): .malformed(failure)
        case .refusedByHTTP(let status): .refusedByHTTP(status: status)
        case .wrongMediaType(let type): .wrongMediaType(type)
        }
    }
}
