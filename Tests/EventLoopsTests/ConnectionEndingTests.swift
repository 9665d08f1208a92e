import Glibc
import Testing

@testable import EventLoops

@Suite("A connection ends")
struct ConnectionEndingTests {
    @Test(arguments: Transport.allCases)
    func `after the peer's end we may still write, even to a slow reader`(transport: Transport) throws {
        let fixture = try ConnectionFixture(transport)
        fixture.peer.send("bye")
        fixture.peer.shutdownSending()
        #expect(fixture.turns { fixture.recorder.events.count == 3 })
        #expect(fixture.events == [.received(3), .finishedReading, .reachedEnd])
        #expect(fixture.isQuiet())
        fixture.run {
            $0.write([UInt8](repeating: 5, count: 6 << 20))
            $0.shutdownSending()
        }
        #expect(fixture.peer.receiveToEnd()?.count == 6 << 20)
        #expect(fixture.turns { !fixture.connection.isOpen })
        #expect(fixture.loop.run { fixture.loop.watchedDescriptors } == 0)
    }

    @Test(arguments: Transport.allCases)
    func `after our end the peer may still send`(transport: Transport) throws {
        let fixture = try ConnectionFixture(transport)
        fixture.run {
            $0.write(Array("question".utf8))
            $0.shutdownSending()
            $0.write(Array("too late".utf8))
        }
        #expect(fixture.peer.receiveToEnd() == Array("question".utf8))
        fixture.peer.send("answer")
        #expect(fixture.turns { fixture.recorder.text == "answer" })
        fixture.peer.close()
        #expect(fixture.turns { fixture.recorder.events.last == .reachedEnd })
        #expect(!fixture.run { $0.isOpen })
    }

    @Test(arguments: Transport.tcp)
    func `a reset is told once with its reason`(transport: Transport) throws {
        let fixture = try ConnectionFixture(transport)
        fixture.peer.reset()
        #expect(fixture.turns { !fixture.recorder.events.isEmpty })
        #expect(fixture.isQuiet())
        #expect(fixture.events == [.failed(.reset)])
        #expect(!fixture.run { $0.isOpen })
    }

    @Test func `a reset after the peer's end is told as well`() throws {
        let fixture = try ConnectionFixture()
        fixture.peer.shutdownSending()
        #expect(fixture.turns { fixture.recorder.events == [.reachedEnd] })
        fixture.peer.reset()
        #expect(fixture.turns { fixture.recorder.events == [.reachedEnd, .failed(.reset)] })
    }

    @Test(arguments: Transport.allCases)
    func `what the peer said before it broke off comes before the failure to write`(transport: Transport) throws {
        let fixture = try ConnectionFixture(transport)
        fixture.run { connection in
            fixture.peer.send("why I leave")
            fixture.peer.reset()
            connection.write([1])
        }
        #expect(fixture.turns { fixture.recorder.events.last == .failed(.reset) })
        #expect(fixture.text == "why I leave")
        // A unix socket ends in order, and only the write finds nobody there.
        let expected: [RecordingDelegate.Event] =
            transport == .unix ? [.reachedEnd, .failed(.reset)] : [.failed(.reset)]
        #expect(fixture.events == [.received(11), .finishedReading] + expected)
    }

    @Test func `an owner that paused because it was full hears of a broken connection`() throws {
        let fixture = try ConnectionFixture()
        fixture.recorder.whenDrained = { $0.resumeReading() }
        fixture.run {
            $0.pauseReading()
            $0.write([UInt8](repeating: 1, count: 8 << 20))
        }
        #expect(fixture.run { $0.isFull })
        fixture.peer.reset()
        #expect(fixture.turns { fixture.recorder.events.last == .failed(.reset) })
        #expect(fixture.events.first == .drained)
    }

    @Test func `nothing is told after a close in the middle of a turn`() throws {
        let fixture = try ConnectionFixture()
        fixture.recorder.whenReceived = { connection, _ in
            connection.write([1])
            connection.close()
            connection.write([2])
        }
        fixture.run { _ in
            fixture.peer.send([UInt8](repeating: 1, count: 100_000))
            fixture.peer.shutdownSending()
        }
        #expect(fixture.isQuiet())
        #expect(fixture.events.count == 1)
        #expect(fixture.loop.run { fixture.loop.watchedDescriptors } == 0)
    }

    @Test func `a close lets the peer read everything though its own words lie unread`() async throws {
        let fixture = try ConnectionFixture()
        let loop = fixture.loop
        await confirmation { closed in
            fixture.run {
                fixture.peer.send("never read")
                $0.write([UInt8](repeating: 9, count: 3 << 20))
                $0.closeAfterFlush { closed() }
            }
            #expect(fixture.peer.receiveToEnd()?.count == 3 << 20)
            #expect(fixture.connection.isOpen)
            fixture.peer.close()
            #expect(fixture.turns { loop.watchedDescriptors == 0 })
        }
        #expect(fixture.events.isEmpty)
    }

    @Test func `a close that the peer never lets finish is cut short`() throws {
        let fixture = try ConnectionFixture()
        var completions = 0
        fixture.run {
            $0.write([UInt8](repeating: 9, count: 8 << 20))
            $0.closeAfterFlush(within: .milliseconds(20)) { completions += 1 }
            $0.closeAfterFlush { completions += 1 }
        }
        #expect(fixture.turns { completions == 2 })
        #expect(!fixture.run { $0.isOpen })
    }

    @Test func `a peer that goes on sending into a close is cut off`() throws {
        let fixture = try ConnectionFixture()
        fixture.run { $0.closeAfterFlush(within: .seconds(60)) }
        let chunk = [UInt8](repeating: 7, count: 1 << 16)
        var sent = 0
        // Far more than is thrown away for anybody, and far less than a minute.
        while sent < 64 << 20, fixture.peer.send(chunk) > 0 { sent += chunk.count }
        #expect(sent < 64 << 20)
        #expect(fixture.turns { !fixture.connection.isOpen })
        #expect(fixture.events.isEmpty)
    }

    @Test func `an abort is a reset for the peer`() throws {
        let fixture = try ConnectionFixture()
        fixture.run {
            $0.write([1])
            $0.abort()
        }
        #expect(fixture.peer.receive() == nil)
        #expect(errno == ECONNRESET)
        #expect(fixture.events.isEmpty)
    }

    @Test func `a connection that nobody owns closes itself`() throws {
        let fixture = try ConnectionFixture()
        fixture.run { $0.delegate = nil }
        fixture.peer.send("anybody?")
        #expect(fixture.turns { !fixture.connection.isOpen })
    }
}
