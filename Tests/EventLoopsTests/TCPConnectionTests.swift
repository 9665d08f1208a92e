import Glibc
import Testing

@testable import EventLoops

@Suite("A connection reads and writes")
struct TCPConnectionTests {
    @Test(arguments: Transport.allCases)
    func `bytes go both ways and are counted`(transport: Transport) throws {
        let fixture = try ConnectionFixture(transport)
        fixture.recorder.whenReceived = { $0.write($1) }
        fixture.peer.send("echo")
        fixture.turn()
        #expect(fixture.peer.receive() == Array("echo".utf8))
        #expect(fixture.events == [.received(4), .finishedReading])
        #expect(fixture.run { [$0.bytesReceived, $0.bytesSent] } == [4, 4])
        // An idle connection holds no memory for its output.
        #expect(fixture.run { $0.output.bytes.capacity } == 0)
        #expect(fixture.run { ($0.peerAddress == nil) == (transport == .unix) })
    }

    @Test func `many small messages come in one read and leave in one write`() throws {
        let fixture = try ConnectionFixture(.unix)
        fixture.recorder.whenFinishedReading = { connection in
            for index in 0..<100 { connection.write([UInt8(index)]) }
        }
        fixture.run { _ in
            for index in 0..<100 { fixture.peer.send([UInt8(index)]) }
        }
        #expect(fixture.events == [.received(100), .finishedReading])
        #expect(fixture.peer.receive() == (0..<100).map { UInt8($0) })
    }

    @Test func `what is written after the turn leaves with the turn`() throws {
        let fixture = try ConnectionFixture()
        fixture.recorder.whenReceived = { connection, _ in
            connection.write(Array("a".utf8))
            connection.loop.afterTurn { connection.withOutputBuffer { $0.append(UInt8(ascii: "b")) } }
        }
        fixture.peer.send("x")
        fixture.turn()
        #expect(fixture.peer.receive() == Array("ab".utf8))
    }

    @Test func `one peer that sends without end leaves the others their turn`() throws {
        let busy = try ConnectionFixture(.unix)
        let (socket, quietPeer) = try Transport.unix.makePair()
        let quiet = RecordingDelegate()
        var connection: TCPConnection?
        var busyBytesBeforeQuiet = 0
        var total = 0
        quiet.whenReceived = { _, _ in busyBytesBeforeQuiet = busy.recorder.bytes.count }
        try busy.loop.run {
            connection = try socket.adopt(on: busy.loop)
            connection?.delegate = quiet
            total = busy.peer.sendWithoutWaiting([UInt8](repeating: 7, count: 1 << 20))
            quietPeer.send("me too")
        }
        #expect(busy.turns { busy.recorder.bytes.count == total })
        #expect(total > TCPConnection.readBudget)
        #expect(busy.loop.run { quiet.text } == "me too")
        #expect(busyBytesBeforeQuiet <= TCPConnection.readBudget)
    }

    @Test(arguments: Transport.allCases)
    func `a slow reader fills the connection, which tells when it has drained`(transport: Transport) throws {
        let fixture = try ConnectionFixture(transport)
        // Of a length that no buffer is a multiple of.
        var sent = (0..<251).map { UInt8($0) }
        while sent.count < 8 << 20 { sent += sent }
        fixture.run { $0.write(sent) }
        #expect(fixture.run { $0.isFull && !$0.isWritable && $0.bufferedBytes > 0 })
        #expect(fixture.events.isEmpty)
        #expect(fixture.isQuiet())
        var received: [UInt8] = []
        while received.count < sent.count, let bytes = fixture.peer.receive(limit: 1 << 20), !bytes.isEmpty {
            received += bytes
        }
        #expect(received == sent)
        #expect(fixture.events == [.drained])
        #expect(fixture.run { $0.isWritable && $0.bufferedBytes == 0 && $0.output.bytes.capacity == 0 })
        #expect(fixture.run { $0.bytesSent } == UInt64(sent.count))
    }

    @Test func `an owner that writes more whenever it has drained starves nobody`() throws {
        let fixture = try ConnectionFixture()
        var refills = 0
        fixture.recorder.whenDrained = { connection in
            refills += 1
            if refills < 50 { connection.write([UInt8](repeating: 1, count: 300 * 1024)) }
        }
        fixture.run { $0.write([UInt8](repeating: 1, count: 300 * 1024)) }
        #expect(fixture.peer.receive(exactly: 50 * 300 * 1024) != nil)
        #expect(fixture.turns { refills == 50 })
    }

    enum Ending: CaseIterable {
        case end
        case reset
        case close
    }

    @Test(arguments: Transport.allCases, Ending.allCases)
    func `nothing is lost or told while reading is paused`(transport: Transport, ending: Ending) throws {
        let fixture = try ConnectionFixture(transport)
        fixture.run { $0.pauseReading() }
        fixture.peer.send("last words")
        switch ending {
        case .end: fixture.peer.shutdownSending()
        case .reset: fixture.peer.reset()
        case .close: fixture.peer.close()
        }
        #expect(fixture.isQuiet())
        #expect(fixture.events.isEmpty)
        fixture.run { $0.resumeReading() }
        #expect(fixture.turns { fixture.recorder.events.count >= 3 })
        #expect(fixture.text == "last words")
        let isReset = ending == .reset && transport != .unix
        #expect(fixture.events.last == (isReset ? .failed(.reset) : .reachedEnd))
        #expect(fixture.isQuiet())
        #expect(fixture.events.count == 3)
    }

    @Test func `pausing in the middle of a batch stops the delivery`() throws {
        let fixture = try ConnectionFixture(.unix)
        fixture.recorder.whenReceived = { connection, _ in connection.pauseReading() }
        let count = fixture.run { _ in fixture.peer.sendWithoutWaiting([UInt8](repeating: 1, count: 100_000)) }
        #expect(fixture.events == [.received(65536), .finishedReading])
        fixture.recorder.whenReceived = { _, _ in }
        fixture.run { $0.resumeReading() }
        #expect(fixture.turns { fixture.recorder.bytes.count == count })
    }
}
