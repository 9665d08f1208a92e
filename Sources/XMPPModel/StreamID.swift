/// The name of one stream or backend connection inside this process; never sent to a peer.
public struct StreamID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number: unique for the life of the process.
    public let number: UInt64

    /// Makes an identifier.
    public init(_ number: UInt64) { self.number = number }

    /// As logs, `streams` and `close` write it: `s17`.
    public var description: String { "s\(number)" }

    /// Reads what ``description`` writes.
    public init?(_ text: String) {
        guard text.first == "s", let number = UInt64(text.dropFirst()) else { return nil }
        self.number = number
    }

    /// Orders by age.
    public static func < (left: StreamID, right: StreamID) -> Bool { left.number < right.number }
}
