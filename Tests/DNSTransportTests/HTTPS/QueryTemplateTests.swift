import DNSMessages
import Testing

@testable import DNSTransport

@Suite("URI templates of DNS over HTTPS")
struct QueryTemplateTests {
    @Test(arguments: [
        ("/dns-query{?dns}", "/dns-query", "/dns-query?dns=AAE"), ("/dns-query", "/dns-query", "/dns-query?dns=AAE"),
        ("/q?x=1", "/q?x=1", "/q?x=1&dns=AAE"), ("/q?x=1{&dns}", "/q?x=1", "/q?x=1&dns=AAE"),
        ("/q{?dns,ct}", "/q", "/q?dns=AAE"), ("/q{?ct}{&dns}", "/q", "/q&dns=AAE"), ("/{dns}/q", "//q", "/AAE/q"),
    ])
    func `DH-01: the variable takes the message for GET and nothing for POST`(
        template: String, post: String, get: String
    ) throws {
        let template = try #require(QueryTemplate(template))
        #expect(template.withoutMessage == post)
        #expect(template.carrying([0, 1]) == get)
    }

    @Test func `DH-01: the example of RFC 8484`() throws {
        let query = DNSQuery(
            identifier: 0, question: DNSQuestion(try DNSName("www.example.com"), .a), payloadOctets: nil)
        let message = try query.encode()
        #expect(message.count == 33)
        let template = try #require(QueryTemplate("/dns-query{?dns}"))
        #expect(template.carrying(message) == "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB")
    }

    @Test(arguments: [
        "", "dns-query", "http://dns.example/dns-query{?dns}", "https://dns.example/{?dns}", "/q{?dns", "/q?dns}",
        "/q{}", "/q{?}", "/q{+dns}", "/q{#dns}", "/q{?dns*}", "/q{?dns:3}", "/q{?dns}}", "/q{{dns}",
    ])
    func `DH-03: what is not a template relative to the https server is refused`(text: String) {
        #expect(QueryTemplate(text) == nil)
    }
}
