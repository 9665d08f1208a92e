import TestSupport
import Testing

extension Interop {
    /// Scenario `18-check`.
    @Suite("18: ligasectl check of foreign servers")
    struct CheckTests {
        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `CC-05: both ports for servers are looked at, and every prooftype has its verdict`(
            kind: ForeignServer.Kind
        ) throws {
            let domain = try CheckedDomain(kind)
            let (text, exit) = try domain.check()
            #expect(exit == .exited(code: 0), "\(text)")
            #expect(text.contains("(xmpp-server): authenticated"), "\(text)")
            for (name, result) in [("dane", "proven"), ("pkix", "proven"), ("posh", "absent"), ("dialback", "offered")]
            {
                #expect(
                    text.split(separator: "\n").contains { $0.hasPrefix(name) && $0.contains(" \(result) ") },
                    "\(name): \(text)")
            }
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `CC-02: ports for clients are looked at, and nothing is left behind`(kind: ForeignServer.Kind) throws {
            let domain = try CheckedDomain(kind)
            let (text, exit) = try domain.check("--service", "xmpp-client")
            #expect(exit == .exited(code: 0), "\(text)")
            #expect(text.contains("(xmpp-client): authenticated (0 failed"), "\(text)")
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `a domain of ours that asks presents its certificate, and EXTERNAL is tried with it`(
            kind: ForeignServer.Kind
        ) throws {
            let domain = try CheckedDomain(kind)
            let (text, exit) = try domain.check("--from", "ligase.example")
            #expect(exit == .exited(code: 0), "\(text)")
            let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("was presented, and EXTERNAL was accepted"), "\(text)")
        }
    }
}
