import Testing
import XMLStreaming
import XMPPModel

@Suite("Limits of what is read (XEP-0205)")
struct XMLLimitsTests {
    static let tooBig = StreamError(.policyViolation, application: XMLElement(Namespace.errors, "stanza-too-big"))

    struct Excess: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let error: StreamError
    }

    static let excesses = [
        Excess(
            testDescription: "10,000 nested elements", text: String(repeating: "<a>", count: 10_000),
            error: StreamError(.policyViolation, "elements too deep")),
        Excess(
            testDescription: "5,000 attributes", text: "<a " + (0..<5000).map { "a\($0)='' " }.joined(),
            error: StreamError(.policyViolation, "too many attributes")),
        Excess(
            testDescription: "5,000 declarations", text: "<a " + (0..<5000).map { "xmlns:a\($0)='u' " }.joined(),
            error: StreamError(.policyViolation, "too many attributes")),
        Excess(
            testDescription: "300 declarations in scope",
            text: (0..<3).map { level in "<a" + (0..<100).map { " xmlns:a\(level)b\($0)='u'" }.joined() + ">" }
                .joined(),
            error: StreamError(.policyViolation, "too many namespaces declared")),
        Excess(
            testDescription: "a name of 1 MB", text: "<" + String(repeating: "a", count: 1_000_000),
            error: StreamError(.policyViolation, "tag too long")),
        Excess(
            testDescription: "a name of 1 MB in an end tag", text: "<a></" + String(repeating: "a", count: 1_000_000),
            error: StreamError(.policyViolation, "tag too long")),
        Excess(
            testDescription: "a name of 1,000", text: "<" + String(repeating: "a", count: 1000) + "/>",
            error: StreamError(.policyViolation, "name too long")),
        Excess(
            testDescription: "an attribute's name of 1,000",
            text: "<a " + String(repeating: "a", count: 1000) + "='1'/>",
            error: StreamError(.policyViolation, "name too long")),
        Excess(
            testDescription: "a value of 1 MB", text: "<a b='" + String(repeating: ">", count: 1_000_000),
            error: StreamError(.policyViolation, "tag too long")),
        Excess(
            testDescription: "text without end", text: "<a>" + String(repeating: "\u{E9}", count: 500_000),
            error: tooBig),
        Excess(
            testDescription: "character data without end",
            text: "<a><![CDATA[" + String(repeating: "]\u{E9}", count: 500_000), error: tooBig),
        Excess(
            testDescription: "1 MB of elements", text: "<a>" + String(repeating: "<b c='1'>x</b>", count: 80_000),
            error: tooBig),
        Excess(
            testDescription: "1 MB of references", text: "<a>" + String(repeating: "&amp;", count: 200_000),
            error: tooBig),
    ]

    @Test(arguments: excesses)
    func `DO-02, DO-03, DO-05: an excess is cut while it arrives`(_ excess: Excess) {
        let limits = XMLLimits(elementBytes: 100_000, tagBytes: 16_384)
        for root in ["", "<message>"] where root.isEmpty || excess.text.hasPrefix("<a") {
            let bytes = Array((Opening.plain + root + excess.text).utf8)
            for size in [Int.max, 65_536, 4096, 1000, 61] {
                let said = parse(bytes, by: size, limits: limits)
                #expect(said.dropFirst() == [.failed(excess.error)])
            }
        }
        // One by one as well, as far as it is read.
        let start = Array((Opening.plain + excess.text).utf8.prefix(110_000))
        #expect(parse(start, by: 1, limits: limits).dropFirst() == [.failed(excess.error)])
    }

    @Test func `DO-02: an unproven peer is cut at the smaller limit`() {
        let parser = XMLStreamParser(limits: .unauthenticated)
        _ = parser.feed(Opening.plain)
        var fed = 0
        while !parser.isFinished, fed < 1_000_000 {
            _ = parser.feed(fed == 0 ? "<auth>" : String(repeating: "a", count: 1000))
            fed += 1000
        }
        #expect(fed < 20_000)
    }

    @Test(arguments: [9_999, 10_000, 16_384])
    func `DO-03: an element of exactly the limit passes and one octet more does not`(size: Int) {
        let limits = XMLLimits(elementBytes: size)
        let frame = "<message><body></body></message>".utf8.count
        for excess in [0, 1] {
            let text = "<message><body>" + String(repeating: "a", count: size - frame + excess) + "</body></message>"
            for piece in [Int.max, 997, 1] {
                let said = parse(Array((Opening.plain + " " + text + "<iq/>").utf8), by: piece, limits: limits)
                #expect(said.compactMap(\.stanza).count == (excess == 0 ? 2 : 0))
                #expect(said.last?.error == (excess == 0 ? nil : Self.tooBig))
            }
        }
    }

    @Test func `DO-05: a limit of depth, attributes and names is met exactly`() {
        let limits = XMLLimits(depth: 3, attributes: 2, nameBytes: 13)
        func condition(_ text: String) -> StreamError.Condition? {
            let answers = everyDivision(Array((Opening.plain + text).utf8), limits: limits)
            #expect(answers.count == 1)
            return answers.first?.last?.error?.condition
        }
        #expect(condition("<a><b><c/></b></a>") == nil)
        #expect(condition("<a><b><c></c></b></a>") == nil)
        #expect(condition("<a><b><c><d/></c></b></a>") == .policyViolation)
        #expect(condition("<a b='1' c='2'/>") == nil)
        #expect(condition("<a b='1' c='2' d='3'/>") == .policyViolation)
        #expect(condition("<abcde89012345          fghij89012345   =  'abcdefghijklmnopq'     />") == nil)
        #expect(condition("<abcdef90123456/>") == .policyViolation)
        #expect(condition("<a abcdef90123456=''/>") == .policyViolation)
        #expect(condition("<a></abcdef90123456>") == .policyViolation)
    }

    @Test(arguments: [
        "<?xml version='1.0' " + String(repeating: " ", count: 10_000),
        Opening.plain.dropLast() + String(repeating: " a", count: 9000),
        "<?xml version='1.0'?>" + String(repeating: " ", count: 10_000), "<" + String(repeating: "a", count: 10_000),
    ])
    func `DO-05: a header without end is cut`(text: String) {
        for size in [Int.max, 100, 1] {
            #expect(parse(Array(text.utf8), by: size) == [.failed(Self.tooBig)])
        }
    }

    @Test func `Limits change between two elements`() {
        let parser = XMLStreamParser(limits: XMLLimits(elementBytes: 20))
        #expect(parser.feed(Opening.plain + "<message>12</message>").count == 2 - 1 + 1)
        let other = XMLStreamParser(limits: XMLLimits(elementBytes: 20))
        _ = other.feed(Opening.plain)
        other.limits = XMLLimits(elementBytes: 30)
        #expect(Said.list(other.feed("<message>12345</message>")).first?.stanza != nil)
        other.limits.elementBytes = 10
        #expect(Said.list(other.feed("<message>12345</message>")).first?.error == Self.tooBig)
    }
}
