import DNSMessages
import HTTPTestSupport
import TransportSecurity

/// The server's side of DNS over HTTPS, for scripts.
enum DNSOverHTTP {
    static let mediaType = "application/dns-message"

    /// The message of a request, whichever way it travels.
    static func message(of request: ReceivedRequest) -> [UInt8]? {
        guard request.method == "GET" else { return request.body }
        guard let start = request.target.range(of: "dns=") else { return nil }
        let text = request.target[start.upperBound...].prefix { $0 != "&" }
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Base64.decode(String(standard) + padding)
    }

    static func query(of request: ReceivedRequest) -> DNSQuery? {
        message(of: request).flatMap { try? DNSQuery(decoding: $0) }
    }

    /// A reply with an address, or with `records` records of 100 octets of text.
    static func answer(
        _ request: ReceivedRequest, status: Int = 200, code: ResponseCode = .noError, timeToLive: UInt32 = 600,
        fields: [(String, String)] = [("Content-Type", mediaType)], texts: Int = 0
    ) -> ScriptedReply {
        guard let query = query(of: request) else { return ScriptedReply(400) }
        let owner = query.question.name
        var records = [DNSRecord(owner: owner, type: .a, timeToLive: timeToLive, octets: [192, 0, 2, 1])]
        if texts > 0 {
            records = (0..<texts).map { number in
                let text = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 100)
                return DNSRecord(owner: owner, type: .txt, timeToLive: timeToLive, octets: [100] + text)
            }
        }
        let response = DNSResponse(to: query, code: code, answers: code == .noError ? records : [])
        guard let body = try? response.encode() else { return ScriptedReply(500) }
        return ScriptedReply(status, fields: fields, body: body)
    }
}

extension String {
    /// Where a text first stands in this one.
    fileprivate func range(of text: String) -> Range<Index>? {
        indices.lazy.compactMap { start in
            self[start...].hasPrefix(text) ? start..<self.index(start, offsetBy: text.count) : nil
        }.first
    }
}
