import Testing
import XMPPModel

@testable import Federation

@Suite("Ways on which remote servers' stanzas come")
struct ReturnPathsTests {
    private static func pair(_ sender: String) throws -> DomainPair {
        DomainPair(sender: try DomainName(sender), target: try DomainName("a.example"))
    }

    private static func place(_ number: UInt64, loop: Int = 0) -> StreamPlace {
        StreamPlace(id: StreamID(number), loop: loop)
    }

    @Test func `BI-08: a stream is a way back while it carries the pair, and if it takes both directions`()
        throws
    {
        let paths = ReturnPaths()
        let (b, c) = (try Self.pair("b.example"), try Self.pair("c.example"))
        paths.open(b, on: Self.place(1), isBidirectional: false)
        #expect(paths.contains(b) && paths.streamBack(b) == nil && !paths.contains(c))
        paths.open(b, on: Self.place(2, loop: 3), isBidirectional: true)
        #expect(paths.streamBack(b) == Self.place(2, loop: 3))
        paths.close(b, on: StreamID(1))
        #expect(paths.contains(b) && paths.streamBack(b) == Self.place(2, loop: 3))
        paths.close(b, on: StreamID(2))
        #expect(!paths.contains(b) && paths.streamBack(b) == nil)
    }

    @Test(arguments: [[1, 2, 3], [3, 2, 1], [2, 3, 1], [2, 1, 3]])
    func `BI-08: of several streams each is found until it ends, in whatever order`(order: [UInt64]) throws {
        let paths = ReturnPaths()
        let pair = try Self.pair("b.example")
        for number in UInt64(1)...3 { paths.open(pair, on: Self.place(number), isBidirectional: true) }
        var left: Set<UInt64> = [1, 2, 3]
        for number in order {
            #expect(paths.streamBack(pair).map { left.contains($0.id.number) } == true)
            paths.close(pair, on: StreamID(number))
            // What is said twice counts once.
            paths.close(pair, on: StreamID(number))
            left.remove(number)
        }
        #expect(!paths.contains(pair))
    }
}
