internal import EventLoops
internal import TransportSecurity

/// What the channels of one loop have in common.
final class ChannelResources {
    let loop: EventLoop
    /// Seconds since 1970.
    let wallClock: () -> Int64
    /// Where sessions put what they decrypt.
    let plaintext = PlaintextBuffer()

    init(loop: EventLoop, wallClock: @escaping () -> Int64) {
        self.loop = loop
        self.wallClock = wallClock
    }
}
