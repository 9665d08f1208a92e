import Testing
import XMLStreaming
import XMPPModel

@Suite("Streams that live long")
struct LongStreamTests {
    @Test func `Many unique names do not accumulate, and the stream notices nothing`() {
        let parser = XMLStreamParser(limits: .established)
        _ = parser.feed(Opening.full)
        let before = residentBytes()
        var count = 0
        for round in 0..<3000 {
            let names = (0..<100).map { "<n\(round)x\($0) xmlns='urn:\(round):\($0)'/>" }.joined()
            let said = Said.list(parser.feed("<message><x:e/>\(names)</message>"))
            if said.count == 1, said[0].stanza?.hasPrefix("<message xmlns:x='urn:x' xml:lang='cs'>") == true {
                count += 1
            }
        }
        #expect(count == 3000)
        // 600,000 names in one dictionary would be some 70 MB.
        #expect(residentBytes() - before < 30_000_000)
    }

    @Test(arguments: [Opening.full, Opening.plain, Opening.prefixFree])
    func `A stream goes on after its idle memory was released`(opening: String) {
        let stanza = "<message xmlns='jabber:server' id='1'><body/></message>"
        let text = "<a xmlns='urn:a'>t</a>" + stanza
        let whole = parse(opening + text + text + text)
        let parser = XMLStreamParser(limits: .established)
        var said = Said.list(parser.feed(opening))
        for piece in [text, text, text] {
            parser.releaseIdleMemory()
            said += Said.list(parser.feed(" \n"))
            parser.releaseIdleMemory()
            said += Said.list(parser.feed(piece))
        }
        #expect(said == whole)
        parser.releaseIdleMemory()
        let close = opening == Opening.prefixFree ? "</stream>" : "</stream:stream>"
        #expect(Said.list(parser.feed(close)) == [.closed])
    }

    @Test func `Memory of a half received element is not idle`() {
        let parser = XMLStreamParser(limits: .established)
        parser.releaseIdleMemory()
        var said = Said.list(parser.feed(String(Opening.plain.dropLast(10))))
        parser.releaseIdleMemory()
        said += Said.list(parser.feed(String(Opening.plain.suffix(10)) + "<mess"))
        parser.releaseIdleMemory()
        said += Said.list(parser.feed("age/>"))
        #expect(said.count == 2)
        #expect(said.last?.stanza == "<message/>")
    }

    @Test func `Gigabytes leave no trace`() {
        let parser = XMLStreamParser(limits: .established)
        _ = parser.feed(Opening.plain)
        let batch = Array(
            String(
                repeating: "<message id='1'><body>" + String(repeating: "x", count: 1000) + "</body></message>\n",
                count: 60
            )
            .utf8)
        var events: [XMLStreamEvent] = []
        func feed(_ rounds: Int) {
            for _ in 0..<rounds {
                events.removeAll(keepingCapacity: true)
                batch.withUnsafeBytes { _ = parser.feed($0, into: &events) }
            }
        }
        feed(50)
        let before = residentBytes()
        feed(1500)
        #expect(events.count == 1)
        #expect(residentBytes() - before < 20_000_000)
    }

    @Test func `Any bytes give events or a stream error`() {
        var random = SplitMix(state: 20_240_611)
        let seeds = (XMLStreamParserTests.documents + [Opening.full + "<message>&amp;<x:e/></message>"]).map {
            Array($0.utf8)
        }
        let spice = Array("<>&'\"/!?[]-=: ;#xmlnsCDATA\u{0}\u{1}\n".utf8) + [0x80, 0xC0, 0xE2, 0xFF]
        for round in 0..<4000 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0...(random.next() % 6) {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[position] = spice[Int(random.next() % UInt64(spice.count))]
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(spice[Int(random.next() % UInt64(spice.count))], at: position)
                default:
                    let length = Int(random.next() % 40)
                    bytes.insert(contentsOf: Array(bytes[position...].prefix(length)), at: position)
                }
            }
            let limits = round % 2 == 0 ? XMLLimits.established : XMLLimits(elementBytes: 150, depth: 3, attributes: 4)
            let whole = parse(bytes, limits: limits)
            for size in [1, 1 + Int(random.next() % 50)] {
                #expect(parse(bytes, by: size, limits: limits) == whole, "\(String(decoding: bytes, as: UTF8.self))")
            }
            let ends = whole.indices.filter { whole[$0] == .closed || whole[$0].error != nil }
            #expect(ends.isEmpty || ends == [whole.count - 1])
            // What was carried stands on its own.
            for stanza in whole.compactMap(\.stanza) {
                #expect(parse(Opening.plain + stanza).last?.stanza == stanza)
            }
        }
    }
}

/// A generator that gives the same numbers in every run.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
