internal import XMPPModel

/// Where a stream is.
struct StreamPlace: Hashable, Sendable {
    var id: StreamID
    /// The loop that it lives on.
    var loop: Int
}
