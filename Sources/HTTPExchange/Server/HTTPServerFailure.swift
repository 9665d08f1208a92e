public import EventLoops

/// Why there is no HTTP server.
public enum HTTPServerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// libmicrohttpd makes none: memory or descriptors have run out.
    case notMade
    /// The loop cannot watch it.
    case notWatched(SystemError)

    /// The failure in words, for operators.
    public var description: String {
        switch self {
        case .notMade: "libmicrohttpd makes no server: memory or descriptors have run out"
        case .notWatched(let error): "the HTTP server cannot be watched: \(error)"
        }
    }
}
