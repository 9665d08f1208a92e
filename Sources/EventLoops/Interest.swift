internal import CLinux

/// What a watched descriptor is watched for.
public struct Interest: OptionSet, Hashable, Sendable {
    /// The set as bits.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Bytes, a new connection or an end to be read.
    public static let reading = Interest(rawValue: 1)
    /// Room to write, or a dial that came to its end.
    public static let writing = Interest(rawValue: 2)

    /// The bits of epoll_ctl(2). Hang-up and error are reported whether asked for or not.
    var eventBits: UInt32 {
        var bits: UInt32 = 0
        if contains(.reading) { bits |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
        if contains(.writing) { bits |= EPOLLOUT.rawValue }
        return bits
    }
}
