/// Cuts the bytes of a control connection into frames, however they arrive.
public struct FrameReader: Sendable {
    private let limit: Int
    private var partial: [UInt8] = []

    /// Makes a reader.
    ///
    /// - Parameter limit: The longest frame in bytes.
    public init(limit: Int = ControlProtocol.frameLimit) { self.limit = limit }

    /// Whether the connection could end here without cutting a frame.
    public var isBetweenFrames: Bool { partial.isEmpty }

    /// Takes what was read and returns the frames that it completes, without their line feeds; empty lines are passed
    /// over.
    ///
    /// - Throws: ``ControlFailure/oversizedFrame(limit:)``; the connection is of no more use then.
    public mutating func receive(_ bytes: some Sequence<UInt8>) throws(ControlFailure) -> [[UInt8]] {
        let arrived = Array(bytes)
        var frames: [[UInt8]] = []
        var start = 0
        while let end = arrived[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try take(arrived[start..<end])
            if !partial.isEmpty { frames.append(partial) }
            partial = []
            start = end + 1
        }
        try take(arrived[start...])
        return frames
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) throws(ControlFailure) {
        guard partial.count + bytes.count <= limit else { throw .oversizedFrame(limit: limit) }
        partial += bytes
    }
}
