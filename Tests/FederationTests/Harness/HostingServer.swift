import TestSupport
import TransportSecurity

/// A server for many domains that a test plays: it takes whoever dials, is proved by its certificate and accepts every key. Each
/// of its connections can be left at any step.
final class HostingServer {
    /// How far a connection is brought.
    enum Step: CaseIterable {
        case accepted, header, offered, proceeding, secured, announced, keyed, established, asked
    }

    /// How it ends.
    enum Manner: CaseIterable { case closed, reset, error }

    let listener: ByteListener
    private let issued: IssuedCertificate
    private var connections: [Connection] = []
    /// How often each stanza came, by its body.
    private(set) var received: [String: Int] = [:]
    /// How many connections came.
    private(set) var accepted = 0

    private struct Connection {
        let peer: Peer
        let domain: String
        var rest = ""
    }

    init(on listener: ByteListener, with issued: IssuedCertificate) {
        self.listener = listener
        self.issued = issued
    }

    // MARK: - One that is left

    /// Takes a connection as far as a step, and ends it.
    func leave(at step: Step, by manner: Manner) throws {
        let peer = try Peer(accepted: listener.accept())
        accepted += 1
        try bring(peer, to: step)
        switch manner {
        case .closed: break
        case .reset: peer.endByReset()
        case .error:
            guard step != .accepted, step != .header, step != .proceeding, step != .secured else { return }
            try peer.send(
                "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                    + "</stream:stream>")
        }
    }

    /// Takes a connection as far as a step, and says nothing more for as long as it is held.
    func hold(at step: Step) throws -> Peer {
        let peer = try Peer(accepted: listener.accept())
        accepted += 1
        try bring(peer, to: step)
        return peer
    }

    private func bring(_ peer: Peer, to step: Step) throws {
        guard step != .accepted else { return }
        let domain = try Self.readHeader(peer)
        guard step != .header else { return }
        try peer.send(Peer.header(from: domain, to: nil, id: "clear") + Peer.offer)
        guard step != .offered else { return }
        try peer.read(until: Peer.startTLS)
        try peer.send(Peer.proceed)
        guard step != .proceeding else { return }
        try peer.secureAsServer(with: issued.identity())
        guard step != .secured else { return }
        try peer.serveDialbackHeader(domain)
        guard step != .announced else { return }
        let key = try peer.readDialback("result")
        guard step != .keyed else { return }
        try peer.send(Peer.result("", from: key.to ?? "", to: key.from ?? "", type: "valid"))
        // What was waiting for the pair has left us, and must not come again.
        let text = try peer.read(until: "</message>")
        guard step == .asked else { return note(text) }
        try note(text + peer.read(until: "<db:result"))
    }

    private static func readHeader(_ peer: Peer) throws -> String {
        let header = try peer.read(until: "<stream:stream") + peer.read(until: ">")
        return DialbackText.attribute("to", of: header) ?? ""
    }

    // MARK: - Serving

    /// Serves everybody until something holds; whether it did in time.
    func serve(within limit: Duration, until condition: () -> Bool) -> Bool {
        let deadline = Deadline.after(limit)
        while !condition() {
            guard !deadline.hasPassed else { return false }
            while let connection = try? listener.accept(within: .milliseconds(5)) { take(Peer(accepted: connection)) }
            for index in connections.indices { answer(index) }
            connections.removeAll { $0.peer.hasEnded }
        }
        return true
    }

    /// Ends every connection.
    func close() { connections = [] }

    private func take(_ peer: Peer) {
        accepted += 1
        do {
            let domain = try Self.readHeader(peer)
            try peer.send(Peer.header(from: domain, to: nil, id: "clear") + Peer.offer)
            try peer.read(until: Peer.startTLS)
            try peer.send(Peer.proceed)
            try peer.secureAsServer(with: issued.identity())
            try peer.serveDialbackHeader(domain)
            connections.append(Connection(peer: peer, domain: domain))
        } catch {}
    }

    private func answer(_ index: Int) {
        let peer = connections[index].peer
        guard let text = try? peer.readWhatComes(within: .milliseconds(5)), !text.isEmpty else { return }
        connections[index].rest += text
        while let element = Self.takeElement(&connections[index].rest) {
            if element.hasPrefix("<message") {
                note(element)
            } else if element.hasPrefix("<db:result") {
                let key = DialbackText(description: element)
                try? peer.send(Peer.result("", from: key.to ?? "", to: key.from ?? "", type: "valid"))
            } else if element.hasPrefix("</stream:stream") {
                try? peer.send("</stream:stream>")
            }
        }
    }

    private static func takeElement(_ text: inout String) -> String? {
        for end in ["</message>", "</db:result>", "</stream:stream>"] {
            guard let range = text.firstRange(of: end) else { continue }
            let starts = ["<message", "<db:result", "</stream:stream>"]
            let element = String(text[..<range.upperBound])
            // Nothing else may stand before the end of the first element.
            let others = ["</message>", "</db:result>", "</stream:stream>"].filter { $0 != end }
            guard others.allSatisfy({ element.firstRange(of: $0) == nil }) else { continue }
            text = String(text[range.upperBound...])
            let start = starts.compactMap { element.firstRange(of: $0)?.lowerBound }.min() ?? element.startIndex
            return String(element[start...])
        }
        return nil
    }

    /// Counts the stanzas in a text.
    func note(_ text: String) {
        var rest = text[...]
        while let start = rest.firstRange(of: "<body>"), let end = rest.firstRange(of: "</body>") {
            received[String(rest[start.upperBound..<end.lowerBound]), default: 0] += 1
            rest = rest[end.upperBound...]
        }
    }
}
