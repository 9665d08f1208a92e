internal import XMPPModel

/// The form in which the memory is kept: a line for each key, and a last line that tells a whole file from a part of one.
extension KeyMemory {
    /// Why a text is not what was kept.
    public struct Damage: Error, Hashable, Sendable, CustomStringConvertible {
        /// The line, counted from 1.
        public let line: Int
        /// What is wrong.
        public let reason: String

        /// For an operator.
        public var description: String { "line \(line): \(reason)" }
    }

    private static let title = "ligase known keys 1"

    /// The text: `b.example 0123… pkix first 1767225600 1767229200` for each key.
    public var text: String {
        var text = Self.title + "\n"
        var count = 0
        for domain in domains {
            for key in keys(of: domain) {
                text += "\(domain) \(key.fingerprint) \(key.prooftype) \(key.origin.rawValue) "
                text += "\(key.firstSeen) \(key.lastSeen)\n"
                count += 1
            }
        }
        return text + "end \(count)\n"
    }

    /// Reads what ``text`` wrote.
    ///
    /// - Throws: ``Damage`` for anything else; a part is never taken for the whole.
    public init(text: String, capacity: Int = Self.mostDomains) throws(Damage) {
        self.init(capacity: capacity)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first.map(String.init) == Self.title else {
            throw Damage(line: 1, reason: "does not begin with “\(Self.title)”")
        }
        guard lines.count >= 3, lines.last?.isEmpty == true, lines[lines.count - 2] == "end \(lines.count - 3)" else {
            throw Damage(line: lines.count, reason: "does not end with the number of its lines")
        }
        for (index, line) in lines.enumerated().dropFirst().dropLast(2) {
            let fields = line.split(separator: " ", omittingEmptySubsequences: false)
            guard fields.count == 6, let domain = try? DomainName(String(fields[0])),
                let digest = Self.digest(fields[1]), !fields[2].isEmpty,
                let origin = KnownKey.Origin(rawValue: String(fields[3])), let first = Int64(fields[4]),
                let last = Int64(fields[5]), first <= last
            else {
                throw Damage(line: index + 1, reason: "is not a domain, a key, a prooftype, an origin and two times")
            }
            let key = KnownKey(
                publicKeySHA256: digest, prooftype: ProoftypeName(String(fields[2])), origin: origin,
                firstSeen: first, lastSeen: last)
            guard restore(key, of: domain) else {
                throw Damage(line: index + 1, reason: "names a key twice, or more keys than are kept")
            }
        }
    }

    private static func digest(_ text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64, text.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return nil }
        let octets = stride(from: 0, to: 64, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        return octets.count == 32 ? octets : nil
    }
}
