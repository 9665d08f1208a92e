/// The frames of a reply; a long list is cut, so that each costs little to make and to read.
public struct ReplyFrames: Sequence, IteratorProtocol, Sendable {
    /// The elements at these places as a reply of their own.
    private let part: @Sendable (Range<Int>) -> AdministrationReply
    /// How many elements there are; nil where the reply is no list.
    private let count: Int?
    /// How many elements of a list have gone; nil when nothing is left to send.
    private var offset: Int? = 0

    init(_ reply: AdministrationReply) {
        switch reply {
        case .streams(let list): self.init(count: list.count) { .streams(Array(list[$0])) }
        case .associations(let list): self.init(count: list.count) { .associations(Array(list[$0])) }
        case .tenants(let list): self.init(count: list.count) { .tenants(Array(list[$0])) }
        case .keys(let list): self.init(count: list.count) { .keys(Array(list[$0])) }
        case .status, .keysForgotten, .tenantsChanged, .closed, .pinged, .reloaded, .failed:
            self.init(nil) { _ in reply }
        }
    }

    /// The frames of a list whose elements are made when their turn comes.
    ///
    /// - Parameters:
    ///   - count: How many elements there are.
    ///   - part: The elements at these places, as a reply of the same kind for each range.
    public init(count: Int, part: @escaping @Sendable (Range<Int>) -> AdministrationReply) {
        self.init(count, part)
    }

    private init(_ count: Int?, _ part: @escaping @Sendable (Range<Int>) -> AdministrationReply) {
        self.count = count
        self.part = part
    }

    /// Encodes the next frame, with its line feed; nil after the last.
    ///
    /// A frame that cannot be written is replaced by the reason as a failure, and is the last.
    public mutating func next() -> [UInt8]? {
        guard let start = offset else { return nil }
        let part = takePart(from: start)
        do throws(ControlFailure) {
            return try ControlCodec.frame(ReplyDocument(part, more: offset != nil))
        } catch {
            offset = nil
            let failure = AdministrationFailure("\(error)", exitCode: .software)
            return try? ControlCodec.frame(ReplyDocument(.failed(failure), more: false))
        }
    }

    private mutating func takePart(from start: Int) -> AdministrationReply {
        guard let count else {
            offset = nil
            return part(0..<0)
        }
        let end = Swift.min(start + ControlProtocol.elementsPerFrame, count)
        offset = end < count ? end : nil
        return part(start..<end)
    }
}
