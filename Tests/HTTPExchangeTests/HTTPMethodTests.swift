import HTTPExchange
import Testing

@Suite("HTTP methods")
struct HTTPMethodTests {
    @Test(arguments: [(HTTPMethod.get, "GET"), (.post, "POST")])
    func `a method is written as the specification spells it`(method: HTTPMethod, text: String) {
        #expect(method.rawValue == text)
    }
}
