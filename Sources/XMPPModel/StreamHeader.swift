/// The opening tag of a stream as it was received or is to be sent (RFC 6120 §4.7).
///
/// Addresses are texts here: whether they are domains is for the stream that was opened to say.
public struct StreamHeader: Hashable, Sendable {
    /// `from`, or nil when it is absent.
    public var from: String?
    /// `to`, or nil when it is absent.
    public var to: String?
    /// `id`, which only the receiving side sets.
    public var id: String?
    /// `version`, or nil before XMPP 1.0.
    public var version: StreamVersion?
    /// `xml:lang`, or nil when it is absent.
    public var language: String?
    /// The namespace of the root element; anything but ``Namespace/stream`` is an error (XS-06).
    public var streamNamespace: String
    /// The prefix of the root element; empty for none.
    public var streamPrefix: String
    /// The default namespace; nil when the header declares none.
    public var contentNamespace: String?
    /// Whether ``Namespace/dialback`` is declared, which older servers take as support (XEP-0220 §2.4.1).
    public var declaresDialback: Bool
    /// The local name of the root element, which has to be `stream`.
    public var name: String

    /// Makes a header; the defaults are those of a stream between servers.
    public init(
        from: String? = nil, to: String? = nil, id: String? = nil, version: StreamVersion? = .current,
        language: String? = nil, streamNamespace: String = Namespace.stream, streamPrefix: String = "stream",
        contentNamespace: String? = Namespace.server, declaresDialback: Bool = false, name: String = "stream"
    ) {
        self.from = from
        self.to = to
        self.id = id
        self.version = version
        self.language = language
        self.streamNamespace = streamNamespace
        self.streamPrefix = streamPrefix
        self.contentNamespace = contentNamespace
        self.declaresDialback = declaresDialback
        self.name = name
    }
}

/// The version of XMPP that a header states: two integers, compared as such (RFC 6120 §4.7.5).
public struct StreamVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The part before the point.
    public let major: Int
    /// The part behind the point.
    public let minor: Int

    /// The version that is spoken here.
    public static let current = StreamVersion(major: 1, minor: 0)

    /// Makes a version of two numbers.
    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads a version; leading zeros are ignored (XS-04). Nil when the text is not two numbers.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let major = Int(parts[0]), let minor = Int(parts[1])
        else { return nil }
        self.init(major: major, minor: minor)
    }

    /// The version as a header writes it.
    public var description: String { "\(major).\(minor)" }

    /// Compares the major numbers, then the minor ones.
    public static func < (left: StreamVersion, right: StreamVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
