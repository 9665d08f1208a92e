internal import Synchronization
internal import XMPPModel

/// The pings of our own that wait for their answers; the one thing that a stanza for a component is looked at for.
final class PingRegistry: Sendable {
    /// How a ping was answered.
    enum Answer: Sendable {
        case result
        /// The condition, and the text beside it.
        case error(String, reason: String?)
    }

    private let count = Atomic<Int>(0)
    private let waiting = Mutex<[String: @Sendable (Answer) -> Void]>([:])

    private static let prefix = "ligase-ping-"

    /// Whether stanzas have to be looked at at all.
    var isWaiting: Bool { count.load(ordering: .relaxed) > 0 }

    /// Registers a ping under a fresh `id`, which only the peer that is asked learns.
    func register(answer: @escaping @Sendable (Answer) -> Void) -> String {
        let token = UInt64.random(in: .min ... .max)
        let id = Self.prefix + String(token, radix: 36)
        waiting.withLock { $0[id] = answer }
        count.add(1, ordering: .relaxed)
        return id
    }

    /// The question (XEP-0199).
    static func ping(from local: DomainName, to remote: DomainName, id: String) -> Stanza {
        Stanza(
            .iq, from: local.description, to: remote.description, id: id, type: "get",
            content: Array("<ping xmlns='\(Namespace.ping)'/>".utf8))
    }

    /// Forgets a ping; false when it has been answered.
    @discardableResult
    func remove(_ id: String) -> Bool { take(id) != nil }

    /// Whoever takes it answers it: the reply and the end of its time may come at once, on two threads.
    private func take(_ id: String) -> (@Sendable (Answer) -> Void)? {
        guard let answer = waiting.withLock({ $0.removeValue(forKey: id) }) else { return nil }
        count.subtract(1, ordering: .relaxed)
        return answer
    }

    /// Takes the answers out of what comes in for a hosted domain.
    func withoutReplies(_ stanzas: [Stanza]) -> [Stanza] {
        stanzas.filter { stanza in
            guard stanza.kind == .iq, stanza.isError || stanza.hasType("result"), let id = stanza.id,
                id.hasPrefix(Self.prefix), let answer = take(id)
            else { return true }
            answer(stanza.isError ? .error(Self.condition(of: stanza), reason: Self.text(of: stanza)) : .result)
            return false
        }
    }

    /// The name of the condition, found on the bytes: an answer is no reason to build a tree.
    private static func condition(of stanza: Stanza) -> String {
        let text = String(decoding: stanza.bytes, as: UTF8.self)
        return StanzaError.Condition.allCases.map(\.rawValue).first { text.contains("<\($0) ") }
            ?? "undefined-condition"
    }

    /// The text of an error, without its markup; nil when it has none.
    private static func text(of stanza: Stanza) -> String? {
        let bytes = String(decoding: stanza.bytes, as: UTF8.self)
        guard let element = bytes.split(separator: "<text", maxSplits: 1).dropFirst().first,
            let content = element.split(separator: ">", maxSplits: 1).dropFirst().first?.prefix(while: { $0 != "<" }),
            !content.isEmpty
        else { return nil }
        var text = String(content)
        for (reference, character) in [("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("amp", "&")] {
            text = text.split(separator: "&\(reference);", omittingEmptySubsequences: false)
                .joined(separator: character)
        }
        return text
    }
}
