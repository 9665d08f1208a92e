public import DNSMessages

/// Why something that was designated is not used, or nothing was.
public enum DesignationRefusal: Hashable, Sendable {
    /// The resolver did not answer the question for designations.
    case noAnswer(LookupFailure)
    /// It has no designations, or says so.
    case noneDesignated
    /// A record is malformed, which makes the whole set worthless (RFC 9460 §2.2).
    case malformed
    /// Aliases loop, are too many, or lead nowhere (RFC 9460 §2.4.2).
    case alias
    /// The target is `.` or `resolver.arpa` (RFC 9462 §4).
    case target(DNSName)
    /// A parameter that has to be understood is not (RFC 9460 §8); its number.
    case unknownParameter(UInt16, target: DNSName)
    /// No protocol of it is spoken here (RFC 9461 §4.1).
    case noProtocol(target: DNSName)
    /// It speaks HTTP and says no path, or one that no question could be sent to (RFC 9461 §5).
    case path(target: DNSName)
    /// The port belongs to something that could take a handshake for a command (RFC 9461 §4.2).
    case port(UInt16, target: DNSName)
    /// The address is of this host, of this link or of a group, and the resolver that names it is none of that.
    case address(IPAddress, target: DNSName)
    /// The target has no address.
    case noAddress(target: DNSName)
    /// It did not prove who it is: possibly an attack (RFC 9462 §4.2); with the reason.
    case notVerified(DesignatedEndpoint, String)
    /// It could not be reached; with the reason.
    case unreachable(DesignatedEndpoint, String)
    /// There are more of them than are looked at.
    case tooMany
}

extension DesignationRefusal: CustomStringConvertible {
    /// The refusal in words, for an operator.
    public var description: String {
        switch self {
        case .noAnswer(let failure): "the resolver did not say what it designates: \(failure)"
        case .noneDesignated: "the resolver designates none"
        case .malformed: "a malformed SVCB record, so none of them is used"
        case .alias: "the SVCB aliases loop, are too many, or lead nowhere"
        case .target(let name): "the target \(name) is not allowed"
        case .unknownParameter(let key, let target): "\(target): mandatory parameter key\(key) is not known here"
        case .noProtocol(let target): "\(target): no protocol among its alpn that is spoken here (dot, h2)"
        case .path(let target): "\(target): alpn names HTTP, and there is no usable dohpath"
        case .port(let port, let target): "\(target): port \(port) is not used for DNS"
        case .address(let address, let target): "\(target): \(address) is no address for a server of others"
        case .noAddress(let target): "\(target) has no address"
        case .notVerified(let endpoint, let reason): "\(endpoint) did not prove who it is: \(reason)"
        case .unreachable(let endpoint, let reason): "\(endpoint) cannot be reached: \(reason)"
        case .tooMany: "more designations than are looked at"
        }
    }
}
