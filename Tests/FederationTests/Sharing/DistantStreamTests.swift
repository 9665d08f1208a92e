import EventLoops
import Testing
import XMPPModel

@testable import Federation

@Suite("streams of other loops, and the servers that there are streams to")
struct DistantStreamTests {
    private static func stanza(_ number: Int) -> Stanza {
        Stanza(.message, from: "x@a.example", to: "u@b.example", id: String(number), type: nil, content: [])
    }

    private static func stanzas(_ numbers: ClosedRange<Int>) -> [Stanza] { numbers.map(stanza) }

    @Test func `RT-04: the end comes behind everything that was handed over, and in order`() {
        var stream = DistantStream(loop: 1)
        for _ in 0..<3 { stream.handOver() }
        #expect(stream.remains == nil)
        // The first batch arrived, and some of it was not sent; two were on their way.
        stream.takeBack(Self.stanzas(2...3))
        stream.end(after: 1)
        #expect(stream.remains == nil && stream.isEnding)
        stream.takeBackBatch(Self.stanzas(4...5))
        #expect(stream.remains == nil)
        // What is said of the end once more says nothing.
        stream.end(after: 0)
        stream.takeBackBatch(Self.stanzas(6...6))
        #expect(stream.remains == Self.stanzas(2...6))
    }

    @Test func `RT-04: a stream on which nothing was under way ends at once`() {
        var stream = DistantStream(loop: 1)
        stream.end(after: 0)
        #expect(stream.remains == [])
    }

    private static func address(_ number: Int) throws -> SocketAddress {
        try SocketAddress(host: "192.0.2.\(number % 250)", port: UInt16(1000 + number / 250))
    }

    @Test func `PS-01: address and port are one key, and the oldest stream serves`() throws {
        let servers = ServerDirectory()
        let (first, second) = (StreamPlace(id: StreamID(1), loop: 0), StreamPlace(id: StreamID(2), loop: 1))
        let address = try Self.address(1)
        servers.add(first, at: address)
        servers.add(second, at: address)
        #expect(servers.stream(toOneOf: [try Self.address(2), address], at: 0)?.place == first)
        #expect(servers.stream(toOneOf: [try SocketAddress(host: "192.0.2.1", port: 5270)], at: 0) == nil)
        servers.remove(first.id, at: address)
        #expect(servers.stream(toOneOf: [address], at: 0)?.place == second)
        servers.remove(second.id, at: address)
        #expect(servers.counts.servers == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `DO-06, PS-01: thousands of streams to one server end in any order at little cost`() {
        var line = StreamLine()
        let count = 40_000
        for number in 0..<count { line.append(StreamPlace(id: StreamID(UInt64(number)), loop: 0)) }
        // The youngest first, then every other one, and then the oldest.
        for number in (count / 2..<count).reversed() { line.remove(StreamID(UInt64(number))) }
        #expect(line.oldest?.id == StreamID(0))
        for number in stride(from: 0, to: count / 2, by: 2) { line.remove(StreamID(UInt64(number))) }
        #expect(line.oldest?.id == StreamID(1) && line.capacity <= count)
        line.append(StreamPlace(id: StreamID(UInt64(count)), loop: 1))
        for number in 0..<(count / 2) { line.remove(StreamID(UInt64(number))) }
        #expect(line.oldest?.id == StreamID(UInt64(count)) && line.capacity <= 16)
        line.remove(StreamID(UInt64(count)))
        line.remove(StreamID(UInt64(count)))
        #expect(line.oldest == nil)
        // Who comes and goes for ever takes no more room.
        line.append(StreamPlace(id: StreamID(1), loop: 0))
        for number in UInt64(2)..<10_000 {
            line.append(StreamPlace(id: StreamID(number), loop: 0))
            line.remove(StreamID(number))
        }
        #expect(line.oldest?.id == StreamID(1) && line.capacity <= 17)
    }

    @Test func `PS-03: servers that close are remembered for an hour, and not without bound`() throws {
        let servers = ServerDirectory()
        let address = try Self.address(0)
        servers.add(StreamPlace(id: StreamID(1), loop: 0), at: address)
        servers.noteClosure(at: address, now: 0)
        #expect(servers.stream(toOneOf: [address], at: 3599) == nil)
        #expect(servers.stream(toOneOf: [address], at: 3600) != nil)
        for number in 0..<3000 { servers.noteClosure(at: try Self.address(number), now: Double(number)) }
        #expect(servers.counts.closers == ServerDirectory.closerLimit)
    }

    @Test func `PS-01: who waits for a dial is told of its end, and of no other's`() throws {
        let servers = ServerDirectory()
        func attempt(_ name: String) throws -> ServerDirectory.Attempt {
            ServerDirectory.Attempt(
                pair: DomainPair(sender: try DomainName("a.example"), target: try DomainName(name)), loop: 0)
        }
        let (first, second, third) = (try attempt("b.example"), try attempt("c.example"), try attempt("d.example"))
        let (address, other) = (try Self.address(1), try Self.address(2))
        #expect(!servers.wait(forOneOf: [address], second, at: 0))
        servers.beginDial(at: address, by: first)
        servers.beginDial(at: address, by: third)
        #expect(!servers.wait(forOneOf: [address], first, at: 0))
        #expect(servers.wait(forOneOf: [other, address], second, at: 0))
        #expect(servers.endDial(at: address, by: third) == [])
        #expect(servers.endDial(at: address, by: first) == [second])
        #expect(servers.counts.dials == 0)
    }
}
