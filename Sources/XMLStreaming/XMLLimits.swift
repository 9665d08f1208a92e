/// What a peer may make the parser hold or do (XEP-0205 §3, RFC 6120 §13.12).
///
/// Every limit applies while bytes arrive. A violation is final: `<policy-violation/>`, with `<stanza-too-big/>` beside
/// it when the size was the reason (D-27).
public struct XMLLimits: Hashable, Sendable {
    /// The size of a first-level element in octets, counted from its `<` to its last `>`.
    public var elementBytes: Int
    /// The levels of elements in a first-level element; the first-level element itself is level one.
    public var depth: Int
    /// The attributes of one element, namespace declarations included.
    public var attributes: Int
    /// The size of one tag in octets, counted from `<` to `>`. The cost of a tag can grow with the square of its size.
    public var tagBytes: Int
    /// The size of one name in octets, its prefix included.
    public var nameBytes: Int
    /// The size of all that opens a stream, in octets: the XML declaration and the stream header.
    public var headerBytes: Int

    /// Makes limits; every number is at least 1.
    public init(
        elementBytes: Int = 262_144, depth: Int = 64, attributes: Int = 128, tagBytes: Int = 16_384,
        nameBytes: Int = 512, headerBytes: Int = 8_192
    ) {
        self.elementBytes = max(1, elementBytes)
        self.depth = max(1, depth)
        self.attributes = max(1, attributes)
        self.tagBytes = max(1, tagBytes)
        self.nameBytes = max(1, nameBytes)
        self.headerBytes = max(1, headerBytes)
    }

    /// For an established stream, as the configuration sets them by default.
    public static let established = XMLLimits()

    /// Before a peer has proved any domain (DO-02, DO-05).
    public static let unauthenticated = XMLLimits(elementBytes: 16_384, depth: 16, attributes: 64)
}
