/// Puts the frames of one reply together again.
public struct ReplyAssembler: Sendable {
    private var parts: [AdministrationReply] = []

    /// Makes an assembler for one reply.
    public init() {}

    /// Takes the next frame; the whole reply once its last frame was taken.
    ///
    /// - Throws: ``ControlFailure``; also when the parts do not belong together.
    public mutating func receive(_ frame: [UInt8]) throws(ControlFailure) -> AdministrationReply? {
        let document = try ControlCodec.decode(ReplyDocument.self, from: frame)
        parts.append(document.reply)
        guard !document.more else { return nil }
        let reply = parts.count == 1 ? document.reply : try joined(endingWith: document.reply)
        parts = []
        return reply
    }

    private func joined(endingWith last: AdministrationReply) throws(ControlFailure) -> AdministrationReply {
        switch last {
        case .streams:
            return .streams(try elements { if case .streams(let list) = $0 { list } else { nil } })
        case .associations:
            return .associations(try elements { if case .associations(let list) = $0 { list } else { nil } })
        case .tenants:
            return .tenants(try elements { if case .tenants(let list) = $0 { list } else { nil } })
        case .keys:
            return .keys(try elements { if case .keys(let list) = $0 { list } else { nil } })
        case .failed: return last
        case .status, .keysForgotten, .tenantsChanged, .closed, .pinged, .reloaded:
            throw .malformed("a reply that is no list came in several parts")
        }
    }

    private func elements<Element>(_ list: (AdministrationReply) -> [Element]?) throws(ControlFailure) -> [Element] {
        var elements: [Element] = []
        for part in parts {
            guard let some = list(part) else { throw .malformed("two parts of one reply are of different kinds") }
            elements += some
        }
        return elements
    }
}
