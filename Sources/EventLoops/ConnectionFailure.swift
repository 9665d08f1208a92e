internal import Glibc

/// Why a connection could not be made, or ended other than by its peer's orderly end.
public enum ConnectionFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody listens at the address.
    case refused
    /// The peer broke the connection off, or it was gone when we wrote.
    case reset
    /// The deadline passed, or the kernel gave up on a silent peer.
    case timedOut
    /// There is no route to the address.
    case unreachable
    /// The process or the host has no descriptor left.
    case descriptorsExhausted
    /// Anything else, in the kernel's words.
    case system(SystemError)

    init(call: String, code: Int32) {
        switch code {
        case ECONNREFUSED: self = .refused
        case ECONNRESET, EPIPE, ECONNABORTED: self = .reset
        case ETIMEDOUT: self = .timedOut
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL: self = .unreachable
        case EMFILE, ENFILE: self = .descriptorsExhausted
        default: self = .system(SystemError(call: call, code: code))
        }
    }

    init(_ error: SystemError) {
        self.init(call: error.call, code: error.code)
    }

    /// The reason in words, for logs.
    public var description: String {
        switch self {
        case .refused: "connection refused"
        case .reset: "connection reset by peer"
        case .timedOut: "connection timed out"
        case .unreachable: "address unreachable"
        case .descriptorsExhausted: "no file descriptor left"
        case .system(let error): error.description
        }
    }
}
