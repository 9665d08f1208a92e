import Administration
import Testing
import XMPPModel

@Suite("What close names")
struct CloseTargetTests {
    @Test func `a stream is a stream and the rest is a domain`() throws {
        #expect(try CloseTarget("s17") == .stream(StreamID(17)))
        #expect(try CloseTarget("s17.example") == .domain(DomainName("s17.example")))
        #expect(try CloseTarget("B.Example.") == .domain(DomainName("b.example")))
        #expect(throws: AddressError.self) { try CloseTarget("") }
        #expect(throws: AddressError.self) { try CloseTarget("a b") }
    }
}
