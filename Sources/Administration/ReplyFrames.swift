/// The frames of a reply; a long list is cut, so that each costs little to make and to read.
public struct ReplyFrames: Sequence, IteratorProtocol, Sendable {
    private let reply: AdministrationReply
    /// How many elements of a list have gone; nil when nothing is left to send.
    private var offset: Int? = 0

    init(_ reply: AdministrationReply) { self.reply = reply }

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
        switch reply {
        case .streams(let list): return .streams(takeElements(of: list, from: start))
        case .associations(let list): return .associations(takeElements(of: list, from: start))
        case .tenants(let list): return .tenants(takeElements(of: list, from: start))
        case .keys(let list): return .keys(takeElements(of: list, from: start))
        case .status, .keysForgotten, .tenantsChanged, .closed, .pinged, .reloaded, .failed:
            offset = nil
            return reply
        }
    }

    private mutating func takeElements<Element>(of list: [Element], from start: Int) -> [Element] {
        let end = Swift.min(start + ControlProtocol.elementsPerFrame, list.count)
        offset = end < list.count ? end : nil
        return Array(list[start..<end])
    }
}
