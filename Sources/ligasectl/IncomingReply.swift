internal import Administration

/// The bytes of one answer, until it is complete.
struct IncomingReply {
    private var reader = FrameReader()
    private var assembler = ReplyAssembler()

    /// Takes what was read; the reply once it is whole.
    mutating func receive(_ bytes: ArraySlice<UInt8>) throws(ControlFailure) -> AdministrationReply? {
        for frame in try reader.receive(bytes) {
            if let reply = try assembler.receive(frame) { return reply }
        }
        return nil
    }
}
