/// Why the stage could not be set.
public enum StageFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file or folder could not be made.
    case folder(path: String, reason: String)
    /// A certificate could not be issued.
    case certificate(reason: String)
    /// A name server could not serve.
    case nameServer(reason: String)
    /// A web server could not serve.
    case webServer(reason: String)
    /// A daemon could not start.
    case daemon(player: String, reasons: [String])

    /// The failure in words.
    public var description: String {
        switch self {
        case .folder(let path, let reason): "\(path): \(reason)"
        case .certificate(let reason): "a certificate could not be issued: \(reason)"
        case .nameServer(let reason): "the name server could not start: \(reason)"
        case .webServer(let reason): "the web server could not start: \(reason)"
        case .daemon(let player, let reasons):
            "the daemon “\(player)” could not start: \(reasons.joined(separator: "; "))"
        }
    }
}
