internal import CLinux

/// What a watched descriptor is ready for.
public struct Readiness: OptionSet, Hashable, Sendable {
    /// The set as bits.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// There is something to read, if only the end.
    public static let readable = Readiness(rawValue: 1)
    /// There is room to write.
    public static let writable = Readiness(rawValue: 2)
    /// Both directions are over; unread bytes may be left.
    public static let hangUp = Readiness(rawValue: 4)
    /// The descriptor has an error pending.
    public static let failed = Readiness(rawValue: 8)
    /// The peer will send no more; unread bytes may be left. Reported while there is interest in reading.
    public static let peerEnded = Readiness(rawValue: 16)

    init(eventBits: UInt32) {
        var bits: UInt8 = 0
        if eventBits & EPOLLIN.rawValue != 0 { bits |= 1 }
        if eventBits & EPOLLOUT.rawValue != 0 { bits |= 2 }
        if eventBits & EPOLLHUP.rawValue != 0 { bits |= 4 }
        if eventBits & EPOLLERR.rawValue != 0 { bits |= 8 }
        if eventBits & EPOLLRDHUP.rawValue != 0 { bits |= 16 }
        rawValue = bits
    }
}
