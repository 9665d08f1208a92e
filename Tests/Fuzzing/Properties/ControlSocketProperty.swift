internal import Administration

/// The control socket: frames do not depend on how the bytes arrive, and a request that is written reads the same.
enum ControlSocketProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        for limit in [64, ControlProtocol.frameLimit] {
            let whole = try frames([input[...]], limit: limit)
            for largest in [1, 16] {
                let divided = try frames(InputDivision.pieces(of: input, largest: largest), limit: limit)
                try require(divided.isOversized == whole.isOversized, "a frame is too long in one division only")
                // The frames of a call that fails are lost, so a failure leaves nothing to compare.
                try require(whole.isOversized || divided.frames == whole.frames, "the frames differ")
            }
            var assembler = ReplyAssembler()
            for frame in whole.frames {
                try require(frame.count <= limit && !frame.isEmpty, "a frame of \(frame.count) octets")
                try checkRequest(frame)
                _ = try? assembler.receive(frame)
            }
        }
    }

    private static func checkRequest(_ frame: [UInt8]) throws(PropertyViolation) {
        guard let request = try? ControlCodec.decodeRequest(frame) else { return }
        guard let octets = try? ControlCodec.encode(request) else {
            throw PropertyViolation("a request that was read cannot be written: \(request)")
        }
        try require((try? ControlCodec.decodeRequest(octets)) == request, "\(request) reads differently again")
        try require(octets.filter { $0 == UInt8(ascii: "\n") }.count == 1, "\(request) is more than one line")
    }

    private static func frames(
        _ pieces: [ArraySlice<UInt8>], limit: Int
    ) throws(PropertyViolation) -> (frames: [[UInt8]], isOversized: Bool) {
        var reader = FrameReader(limit: limit)
        var frames: [[UInt8]] = []
        for piece in pieces {
            guard let more = try? reader.receive(piece) else { return (frames, true) }
            frames += more
        }
        return (frames, false)
    }
}
