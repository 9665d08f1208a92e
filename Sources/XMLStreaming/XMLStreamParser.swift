public import XMPPModel

/// Turns the bytes of one stream into events, as they arrive and in pieces of any size (RFC 6120 §4, §11).
///
/// A parser lives on one loop and belongs to one stream: after TLS or SASL a new one is made (XS-19). Its events are
/// returned, not called back, so that the owner may change ``limits`` or let go of the parser between any two of them.
///
/// A stanza is a message, presence or iq in the content namespace without a prefix. It is never a tree: its bytes are
/// kept as they were received, except for what would not survive in another stream. A declaration of the content
/// namespace goes where it can be inherited (RT-11), a prefix of the header is declared (XS-22), and the language of
/// the header is stated (XS-25). Only inside an element of another default namespace does a literal declaration of the
/// content namespace stay.
///
/// U+FEFF at the very beginning is what RFC 6120 §11.6 says it is, a character, and not well-formed there. White space
/// in front of the header is a keepalive that came late, and is ignored like every other.
public final class XMLStreamParser {
    private var reading: StreamReading

    /// Makes a parser for a stream that has not been opened.
    ///
    /// - Parameters:
    ///   - limits: What holds until the owner says otherwise.
    ///   - contentNamespace: The namespace of stanzas: ``Namespace/server``, or ``Namespace/component``.
    public init(limits: XMLLimits, contentNamespace: String = Namespace.server) {
        reading = StreamReading(limits: limits, contentNamespace: contentNamespace)
    }

    /// What the peer may make this parser hold; a change holds from the next byte on.
    public var limits: XMLLimits {
        get { reading.limits }
        set { reading.limits = newValue }
    }

    /// Whether ``feed(_:into:)`` stops behind each first-level element that is no stanza, so that the owner can act
    /// upon it before the bytes behind it mean anything.
    public var pausesAfterElement: Bool {
        get { reading.pausesAfterElement }
        set { reading.pausesAfterElement = newValue }
    }

    /// Whether the stream was closed or has failed; nothing is read any more.
    public var isFinished: Bool { reading.isFinished }

    /// Whether no element is half received, so that nothing is lost by ending here.
    public var isBetweenElements: Bool { reading.isBetweenElements }

    /// Takes the next bytes and appends what they complete.
    ///
    /// - Returns: How many bytes were taken: all, unless ``pausesAfterElement`` stopped behind an element. The rest is
    ///   the owner's to feed again, to this parser or another, or to drop.
    @discardableResult
    public func feed(_ bytes: UnsafeRawBufferPointer, into events: inout [XMLStreamEvent]) -> Int {
        reading.feed(bytes, into: &events)
    }

    /// Frees what an idle stream does not need; it is made again with the next byte that is not white space.
    ///
    /// Does nothing while an element is half received.
    public func releaseIdleMemory() { reading.releaseIdleMemory() }
}
