public import XMPPModel

/// How a server answers when a stream is opened to it: what its header says, and what it offers (RFC 6120 §4.3.2, §4.7).
///
/// Nothing that differs from one connection to the next is kept, so that two addresses of one server compare as equal.
public struct StreamGreeting: Hashable, Sendable {
    /// The limits that a server announces (XEP-0478).
    public struct Limits: Hashable, Sendable {
        /// The size of a stanza in octets; nil where it says nothing.
        public var maximumBytes: Int?
        /// Seconds without a stanza after which it may close; nil where it says nothing.
        public var idleSeconds: Int?
    }

    /// What is said of STARTTLS.
    public enum StartTLSOffer: Hashable, Sendable {
        /// Nothing.
        case absent
        /// It is offered.
        case optional
        /// It is offered, and nothing goes on without (RFC 6120 §5.3.1).
        case required
    }

    /// `from` of the header; nil when it is absent.
    public var from: String?
    /// Whether the header declares the dialback namespace, which counts as support with older servers
    /// (XEP-0220 §2.4.1).
    public var declaresDialback: Bool
    /// Whether it speaks XMPP 1.0, which knows features and TLS.
    public var isCurrent: Bool
    /// Whether features came; nothing below means anything before.
    public private(set) var hasFeatures = false
    /// Whether TLS can be started.
    public private(set) var startTLS = StartTLSOffer.absent
    /// The SASL mechanisms, in the order of the server; at most ``mostMechanisms``.
    public private(set) var mechanisms: [String] = []
    /// Whether dialback is among the features (XEP-0220 §2.4.2).
    public private(set) var offersDialback = false
    /// Whether it announces dialback errors, so that one domain's failure does not end the stream (XEP-0220 §2.5).
    public private(set) var reportsDialbackErrors = false
    /// Whether streams are used in both directions (XEP-0288).
    public private(set) var offersBidirectional = false
    /// Announced limits; nil when there are none.
    public private(set) var limits: Limits?
    /// The namespaces of all other features; at most ``mostOthers``.
    public private(set) var otherFeatures: [String] = []

    /// Mechanisms kept at most.
    public static let mostMechanisms = 32
    /// Other features kept at most.
    public static let mostOthers = 16

    /// Begins with the header.
    public init(_ header: StreamHeader) {
        from = header.from
        declaresDialback = header.declaresDialback
        isCurrent = HeaderCheck.isCurrent(header.version)
    }

    /// Whether dialback can be expected.
    public var supportsDialback: Bool { offersDialback || declaresDialback }

    /// Takes note of `<stream:features/>`.
    mutating func note(_ features: XMLElement) {
        hasFeatures = true
        for feature in features.elements {
            switch feature.namespace {
            case Namespace.startTLS:
                startTLS = feature.elements.contains { $0.name == "required" } ? .required : .optional
            case Namespace.sasl:
                mechanisms += feature.elements.filter { $0.name == "mechanism" }.map(\.text)
                mechanisms = Array(mechanisms.prefix(Self.mostMechanisms))
            case Namespace.dialbackFeature:
                offersDialback = true
                reportsDialbackErrors = feature.elements.contains { $0.name == "errors" }
            case Namespace.bidirectionalFeature: offersBidirectional = true
            case Namespace.streamLimits:
                limits = Limits(
                    maximumBytes: feature.first(Namespace.streamLimits, "max-bytes").flatMap { Int($0.text) },
                    idleSeconds: feature.first(Namespace.streamLimits, "idle-seconds").flatMap { Int($0.text) })
            default: if otherFeatures.count < Self.mostOthers { otherFeatures.append(feature.namespace) }
            }
        }
    }
}
