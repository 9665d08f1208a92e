internal import FuzzingProperties
internal import Testing

/// What the fuzzers check of inputs that they make up, checked of the inputs that are kept.
@Suite("Fuzzing corpus")
struct CorpusTests {
    @Test(arguments: CorpusFile.all)
    func `a kept input shows no violation`(file: CorpusFile) throws {
        try file.parser.check(file.bytes)
    }

    @Test(arguments: FuzzedParser.allCases)
    func `every fuzzed parser has a corpus`(parser: FuzzedParser) {
        #expect(CorpusFile.all.contains { $0.parser == parser })
    }

    @Test(arguments: FuzzedParser.allCases)
    func `few octets of any value do no harm`(parser: FuzzedParser) throws {
        for octet in UInt8.min...UInt8.max {
            try parser.check([octet])
            try parser.check([octet, octet, 0])
        }
    }
}
