internal import DNSMessages

/// Who answered which question for keys a moment ago: what did not hold is asked of another server (DS-01).
struct KeyFetchHistory: Sendable {
    private struct Entry: Sendable {
        var servers: Set<Int>
        let end: Duration
    }

    /// A question that comes again so soon was not answered to satisfaction.
    private static let lifetime = Duration.seconds(10)
    private static let capacity = 512

    private var entries: [DNSQuestion: Entry] = [:]

    /// The servers that answered a question lately.
    func servers(asked question: DNSQuestion, at now: Duration) -> Set<Int> {
        guard let entry = entries[question], entry.end > now else { return [] }
        return entry.servers
    }

    mutating func note(_ server: Int, answered question: DNSQuestion, at now: Duration) {
        if entries.count >= Self.capacity { entries = entries.filter { $0.value.end > now } }
        // More than these within so short a time are the doing of somebody who wants to be remembered.
        if entries.count >= Self.capacity { entries = [:] }
        var servers = servers(asked: question, at: now)
        servers.insert(server)
        entries[question] = Entry(servers: servers, end: now + Self.lifetime)
    }
}
