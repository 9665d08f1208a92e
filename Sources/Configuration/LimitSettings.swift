/// `[limits]`. Where a limit is optional, `nil` (0 in the file) means that there is none.
public struct LimitSettings: Sendable, Hashable {
    /// `stanza_bytes`: longest first-level element on an authenticated stream, in bytes (RFC 6120 §13.12).
    public var stanzaBytes = 262_144
    /// `stanza_depth`: deepest nesting of elements within a stanza.
    public var stanzaDepth = 64
    /// `streams_per_address`: streams from one address that are not authenticated yet, at one time.
    public var streamsPerAddress: Int? = 64
    /// `handshakes_per_second_per_address`: TLS handshakes from one address before authentication.
    public var handshakesPerSecondPerAddress: Int? = 20
    /// `pairs_per_stream`: domain pairs on one stream.
    public var pairsPerStream: Int?
    /// `queued_stanzas_per_domain`: stanzas that wait for a stream to one remote domain.
    public var queuedStanzasPerDomain: Int? = 1000
    /// `queued_bytes_per_domain`: bytes that wait for a stream to one remote domain.
    public var queuedBytesPerDomain: Int? = 4_194_304
    /// `queued_bytes`: bytes that wait in the whole process.
    public var queuedBytes: Int? = 268_435_456
    /// `bytes_per_second_per_stream`: rate at which one stream is read.
    public var bytesPerSecondPerStream: Int?

    /// Longest first-level element before a stream is authenticated, in bytes; not configurable.
    public static let stanzaBytesBeforeAuthentication = 16_384

    /// The defaults.
    public init() {}

    init(reading table: TableReader) {
        // RFC 6120 §13.12: a server must not enforce less than 10000 bytes.
        stanzaBytes = table.integer("stanza_bytes", default: stanzaBytes, in: 10_000...(1 << 30))
        stanzaDepth = table.integer("stanza_depth", default: stanzaDepth, in: 16...65_536)
        streamsPerAddress = table.limit("streams_per_address", default: streamsPerAddress)
        handshakesPerSecondPerAddress = table.limit(
            "handshakes_per_second_per_address", default: handshakesPerSecondPerAddress)
        pairsPerStream = table.limit("pairs_per_stream", default: pairsPerStream)
        queuedStanzasPerDomain = table.limit("queued_stanzas_per_domain", default: queuedStanzasPerDomain)
        queuedBytesPerDomain = table.limit("queued_bytes_per_domain", default: queuedBytesPerDomain)
        queuedBytes = table.limit("queued_bytes", default: queuedBytes)
        bytesPerSecondPerStream = table.limit("bytes_per_second_per_stream", default: bytesPerSecondPerStream)
        table.finish()
    }
}
