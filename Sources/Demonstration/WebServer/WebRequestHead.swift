/// The first lines of an HTTP/1.1 request (RFC 9112 §3).
struct WebRequestHead: Hashable, Sendable {
    /// More is not waited for.
    static let longest = 8_192

    var method: String
    /// Path and query.
    var path: String
    /// The `Host` field, in lower case: a name, and a port that is not the usual one.
    var authority: String?
    /// The name in it.
    var host: String? { authority.map { String($0.prefix { $0 != ":" }) } }

    /// Reads a head that is complete, up to the empty line; nil while it is not.
    ///
    /// What has no three words in its first line is read as a method that nobody has.
    init?(_ octets: [UInt8]) {
        let end: [UInt8] = [13, 10, 13, 10]
        guard octets.count >= end.count,
            let length = (0...(octets.count - end.count)).first(where: {
                octets[$0..<$0 + end.count].elementsEqual(end)
            })
        else { return nil }
        let lines = String(decoding: octets[..<length], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        method = words.count == 3 ? String(words[0]) : "?"
        path = words.count == 3 ? String(words[1]) : "/"
        for line in lines.dropFirst() where line.lowercased().hasPrefix("host:") {
            let value = line.dropFirst("host:".count).drop { $0 == " " }
            authority = value.prefix { $0 != " " }.lowercased()
        }
    }
}
