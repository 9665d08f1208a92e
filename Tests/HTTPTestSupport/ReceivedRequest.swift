/// A request as a scripted server received it.
public struct ReceivedRequest: Hashable, Sendable {
    /// The method.
    public var method: String
    /// Path and query.
    public var target: String
    /// The header fields, names in lower case.
    public var fields: [String: String]
    /// The content.
    public var body: [UInt8]
    /// The connection that it came on, counted from 1.
    public var connection: Int
    /// The server name of the handshake.
    public var serverName: String?
    /// How many certificates the client showed.
    public var clientCertificates: Int

    /// The first complete request of `bytes`, and how many octets it takes; nil when it is not complete yet.
    static func first(in bytes: [UInt8]) -> (ReceivedRequest, Int)? {
        let end: [UInt8] = [13, 10, 13, 10]
        guard let headerEnd = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<headerEnd], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var request = ReceivedRequest(
            method: String(words[0]), target: String(words[1]), fields: [:], body: [], connection: 0, serverName: nil,
            clientCertificates: 0)
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            request.fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let length = request.fields["content-length"].flatMap { Int($0) } ?? 0
        let start = headerEnd + end.count
        guard bytes.count >= start + length else { return nil }
        request.body = Array(bytes[start..<start + length])
        return (request, start + length)
    }
}
