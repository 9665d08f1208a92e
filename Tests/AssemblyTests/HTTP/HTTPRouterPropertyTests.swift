import HTTPExchange
import Testing
import XMPPModel

@testable import Assembly

/// Requests made up of pieces and broken at random, always the same ones.
@Suite("any request on the HTTP listener")
struct HTTPRouterPropertyTests {
    /// SplitMix64: a test that fails fails again.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func pick(_ pieces: [String]) -> String { pieces.randomElement(using: &self) ?? "" }

        /// A few pieces, some of them with a code point too few, too many or changed.
        mutating func text(_ pieces: [String], most: Int) -> String {
            var text = (0..<Int.random(in: 1...most, using: &self)).map { _ in pick(pieces) }.joined()
            guard Bool.random(using: &self) else { return text }
            var scalars = Array(text.unicodeScalars)
            let place = Int.random(in: 0...scalars.count, using: &self)
            if Bool.random(using: &self), place < scalars.count {
                scalars.remove(at: place)
            } else {
                let odd: [Unicode.Scalar] = [
                    "\0", "\r", "\n", " ", "\t", "@", ":", "/", "\\", "%", "#", "?", "[", "]", ".", "\u{301}",
                    "\u{3002}",
                    "\u{FF0F}", "\u{2044}", "\u{202E}", "\u{200D}", "\u{FFFD}", "\u{1F4A9}", "\u{7F}",
                ]
                if let scalar = odd.randomElement(using: &self) { scalars.insert(scalar, at: place) }
            }
            text = String(String.UnicodeScalarView(scalars))
            return text
        }
    }

    private static let hosts = [
        "a.example", "A.EXAMPLE", "b.example", ".", ":", "443", ":0", "[::1]", "[", "]", "127.0.0.1", "xn--bcher-kva",
        "bücher",
        "ß", "\u{130}", "@", "user:pass@", " ", ",", "%61", "\u{0}", "xn--", "-", "_", "localhost",
        String(repeating: "a", count: 70),
    ]
    private static let documents = [
        "/.well-known/posh/xmpp-server.json", "/.well-known/posh._xmpp-server._tcp.json",
    ]
    private static let paths = [
        "/", "//", "/..", "/.well-known/posh/xmpp-server.json", "/.well-known/posh._xmpp-server._tcp.json", "/metrics",
        "/readyz",
        "/healthz", "http://", "https://", "HTTP://", "*", "?", "%2F", "..", "a.example", "b.example:443", "\u{0}",
        "ftp://",
    ]

    /// The host that a reader of URLs who is nobody's fool would read, in the letters that a domain may have; nil for none.
    private static func plainHost(_ authority: String) -> String? {
        guard !authority.unicodeScalars.contains(where: { $0.value <= 0x20 || "@/\\?#%,".unicodeScalars.contains($0) })
        else { return nil }
        if authority.hasPrefix("[") { return authority.firstIndex(of: "]").map { String(authority[...$0]) } }
        return authority.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `PO-23: whatever is asked, a document is that of the one host that was named`(seed: UInt64) throws {
        var dice = Dice(state: seed)
        var documents = 0
        for _ in 0..<4000 {
            let names = ["Host", "Host", "host", "X-Forwarded-Host", "Forwarded"]
            let fields = (0..<Int.random(in: 1...2, using: &dice)).map { _ in
                HTTPField(dice.pick(names), dice.text(Self.hosts, most: 3))
            }
            var target = dice.text(Self.paths, most: 3)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0, 1: target = dice.pick(Self.documents)
            case 2:
                target =
                    dice.pick(["http://", "HTTPS://"]) + dice.text(Self.hosts, most: 3) + dice.pick(Self.documents)
            default: break
            }
            let request = HTTPServerRequest(
                method: dice.pick(["GET", "GET", "HEAD", "POST", ""]), target: target, fields: fields,
                isBeforeHTTP11: Bool.random(using: &dice), hasContent: Int.random(in: 0..<8, using: &dice) == 0)
            switch HTTPRouter.outcome(of: request) {
            case .refused(let response):
                #expect((400..<500).contains(response.status))
                let text = String(decoding: response.body, as: UTF8.self)
                #expect(!text.contains("example"), "\(request) is told \(text)")
            case .resource(let resource):
                #expect(["GET", "HEAD"].contains(request.method) && !request.hasContent, "\(request)")
                #expect(request.values(of: "host").count < 2, "\(request)")
                guard case .document(let domain, _) = resource else { continue }
                documents += 1
                var authority = request.values(of: "host").first
                if !target.hasPrefix("/") {
                    let rest = target.drop { $0 != "/" }.dropFirst(2)
                    authority = String(rest.prefix { $0 != "/" })
                }
                let host = try #require(authority.flatMap(Self.plainHost), "\(request) is that of \(domain)")
                #expect(try DomainName(host) == domain, "\(request) is that of \(domain)")
            }
        }
        #expect(documents > 50)
    }
}
