internal import TransportSecurity

/// Why a name server did not prove who it is.
enum AuthenticationFailure: Error, Hashable, Sendable {
    /// Neither a name nor a pin is known of it (RFC 8310 §5).
    case nothingToCompare
    /// It presented no certificate.
    case noCertificate
    /// Its certificate leads to no authority that is trusted.
    case untrusted(ChainFault)
    /// The authorities could not be loaded, so that nobody can be trusted.
    case noAuthorities(String)
    /// Its certificate is for other names.
    case wrongName(expected: String)
    /// Its certificate lacks the address that it was designated by (RFC 9462 §4.2).
    case missingAddress(String)
    /// No certificate of its chain has a pinned key (RFC 7858 §4.2).
    case pinMismatch
}

extension AuthenticationFailure: CustomStringConvertible {
    /// The failure in words, for an operator.
    var description: String {
        switch self {
        case .nothingToCompare: "neither a name nor a pin is configured for it"
        case .noCertificate: "it presented no certificate"
        case .untrusted(let fault): "its certificate is not trusted: \(fault)"
        case .noAuthorities(let reason): "no authorities to trust: \(reason)"
        case .wrongName(let expected): "its certificate is not for \(expected)"
        case .missingAddress(let address): "its certificate does not name the address \(address)"
        case .pinMismatch: "none of the keys in its certificate chain is pinned"
        }
    }
}
