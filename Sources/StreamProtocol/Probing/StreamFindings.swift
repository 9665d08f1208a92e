public import XMPPModel

/// What a ``StreamProbe`` saw.
public struct StreamFindings: Hashable, Sendable {
    /// How TLS came to be, or did not.
    public enum Encryption: Hashable, Sendable {
        /// It was never tried.
        case none
        /// The server would not.
        case refused
        /// The handshake was begun and did not end.
        case begun
        /// TLS is up.
        case established
    }

    /// What came of SASL EXTERNAL.
    public enum External: Hashable, Sendable {
        /// The server took our certificate for the domain's.
        case accepted
        /// It did not (RFC 6120 §6.5); what it says is its own, and not to be trusted.
        case refused(condition: String, text: String?)
        /// There was no answer that means anything.
        case failed(reason: String)
    }

    /// What came of a request to be taken by dialback (XEP-0220 §2.1.1).
    public enum Dialback: Hashable, Sendable {
        /// The server takes stanzas of our domain.
        case accepted
        /// It says that our key is a forgery (DB-07).
        case invalidKey
        /// It answered with an error (DB-08).
        case refused(DialbackError)
        /// It ended the stream in place of an answer; nil where it did not say why.
        case streamEnded(StreamError?)
        /// It did not answer in time.
        case timedOut
        /// There was no answer that means anything.
        case failed(reason: String)
        /// The key was not sent.
        case withheld(reason: String)
    }

    /// How far the conversation had come.
    public enum Stage: String, Hashable, Sendable {
        /// The answer to our header was awaited.
        case header = "the stream header"
        /// The features were awaited.
        case features = "the stream features"
        /// The answer to `<starttls/>` was awaited.
        case startTLS = "the answer to STARTTLS"
        /// The TLS handshake was not complete.
        case handshake = "the TLS handshake"
    }

    /// Why the conversation ended before its time.
    public struct Fault: Hashable, Sendable {
        /// What was awaited.
        public var stage: Stage
        /// What happened in its place.
        public var reason: String
        /// Whether it was simply not answered in time.
        public var isTimeout: Bool
    }

    /// The stream in clear; nil where TLS came first, or nothing came.
    public var clear: StreamGreeting?
    /// The stream under TLS.
    public var protected: StreamGreeting?
    /// How TLS came to be, or did not.
    public var encryption = Encryption.none
    /// The error with which the server ended the stream (RFC 6120 §4.9).
    public var error: StreamError?
    /// Why the conversation ended before its time; nil when all was seen, or ``error`` says why.
    public var fault: Fault?

    /// What came of SASL EXTERNAL; nil where it was not tried.
    public var external: External?
    /// What came of dialback; nil where it was not tried, or the server does not offer it.
    public var dialback: Dialback?

    /// Nothing was seen yet.
    public init() {}

    /// Whether a stream under TLS came as far as its features: all that a probe wants to see.
    public var isComplete: Bool { protected?.hasFeatures == true && fault == nil && error == nil }
}
