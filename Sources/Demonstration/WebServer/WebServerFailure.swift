/// Why a web server could not serve.
enum WebServerFailure: Error, CustomStringConvertible {
    /// It was given no certificate.
    case noIdentity
    /// The system refuses what it needs.
    case unavailable(reason: String)

    var description: String {
        switch self {
        case .noIdentity: "it has no certificate"
        case .unavailable(let reason): reason
        }
    }
}
