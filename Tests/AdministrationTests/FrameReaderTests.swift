import Administration
import Testing

@Suite("Frames of the control socket")
struct FrameReaderTests {
    private let bytes = Array("one\n\ntwo\nthree".utf8)
    private let frames = [Array("one".utf8), Array("two".utf8)]

    @Test func `frames are the same wherever the bytes are split`() throws {
        for split in 0...bytes.count {
            var reader = FrameReader()
            var found = try reader.receive(bytes[..<split])
            found += try reader.receive(bytes[split...])
            #expect(found == frames)
            #expect(!reader.isBetweenFrames)
            #expect(try reader.receive([UInt8(ascii: "\n")]) == [Array("three".utf8)])
            #expect(reader.isBetweenFrames)
        }
    }

    @Test func `one byte at a time gives the same frames`() throws {
        var reader = FrameReader()
        var found: [[UInt8]] = []
        for byte in bytes { found += try reader.receive([byte]) }
        #expect(found == frames)
    }

    @Test func `a frame of the limit passes and one byte more does not`() throws {
        let limit = 8
        var reader = FrameReader(limit: limit)
        #expect(try reader.receive(Array("12345678\n".utf8)).count == 1)
        #expect(throws: ControlFailure.oversizedFrame(limit: limit)) { try reader.receive(Array("123456789\n".utf8)) }
    }

    @Test func `an endless frame is refused while it grows`() throws {
        var reader = FrameReader(limit: 100)
        #expect(throws: ControlFailure.oversizedFrame(limit: 100)) {
            for _ in 0..<11 { _ = try reader.receive([UInt8](repeating: 0x20, count: 10)) }
        }
    }
}
