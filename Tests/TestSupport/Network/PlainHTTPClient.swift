/// A client of HTTP/1 in clear that sends exactly what a test says, and reads answers apart.
public final class PlainHTTPClient {
    /// One answer.
    public struct Answer: Hashable, Sendable {
        /// The status.
        public let status: Int
        /// The header fields, names in lower case.
        public let fields: [String: String]
        /// The content.
        public let body: String
    }

    private let connection: ByteConnection
    private var unread: [UInt8] = []

    /// Connects.
    public init(to endpoint: Endpoint) throws(HarnessFailure) {
        connection = try ByteConnection(to: endpoint)
    }

    /// Talks over a connection that is there.
    public init(over connection: ByteConnection) { self.connection = connection }

    /// Connects, asks one thing, and gives the answer.
    public static func get(
        _ path: String, host: String = "a.example", at endpoint: Endpoint
    ) throws(HarnessFailure) -> Answer {
        let client = try PlainHTTPClient(to: endpoint)
        try client.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
        return try client.answer()
    }

    /// Sends text as it is.
    public func send(_ text: String) throws(HarnessFailure) { try connection.send(Array(text.utf8)) }

    /// The next answer.
    ///
    /// - Parameter hasContent: False after HEAD, whose answer tells a length and has none.
    public func answer(hasContent: Bool = true, within limit: Duration = .seconds(10)) throws(HarnessFailure) -> Answer
    {
        let deadline = Deadline.after(limit)
        while true {
            if let answer = takeAnswer(hasContent) { return answer }
            let bytes = try connection.receive(before: deadline)
            guard !bytes.isEmpty else {
                throw .connectionClosed(while: "an answer was awaited after \(String(decoding: unread, as: UTF8.self))")
            }
            unread += bytes
        }
    }

    /// Reads until the server closes; what came before that.
    @discardableResult
    public func rest(within limit: Duration = .seconds(20)) throws(HarnessFailure) -> String {
        let deadline = Deadline.after(limit)
        while true {
            let bytes = try connection.receive(before: deadline)
            if bytes.isEmpty { return String(decoding: unread, as: UTF8.self) }
            unread += bytes
        }
    }

    private func takeAnswer(_ hasContent: Bool) -> Answer? {
        let end = Array("\r\n\r\n".utf8)
        guard let split = unread.indices.first(where: { unread[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: unread[..<split], as: UTF8.self).split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = String(line[colon...].dropFirst().drop { $0 == " " })
        }
        let length = hasContent ? fields["content-length"].flatMap { Int($0) } ?? 0 : 0
        guard unread.count >= split + end.count + length else { return nil }
        let body = unread[(split + end.count)...].prefix(length)
        unread = Array(unread[(split + end.count + length)...])
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: status, fields: fields, body: String(decoding: body, as: UTF8.self))
    }
}
