import Configuration
import Testing
import XMPPModel

@testable import Assembly

@Suite("The dialback keys of a deployment")
struct DialbackKeyringTests {
    private static let first = "the first secret"
    private static let second = "the second secret"

    private static func keyring(
        _ secret: String, remotes: String = "", after previous: DialbackKeyring? = nil, grace: Duration = .seconds(30),
        ago: Duration = .zero
    ) throws -> DialbackKeyring {
        let text = """
            [federation]
            dialback_secret = "\(secret)"
            [[domain]]
            name = "a.example"
            secret = "x"
            \(remotes)
            """
        let configuration = try Configuration.load(
            file: "/ligase.toml",
            reading: FileReader(
                contents: { _ throws(FileReader.Failure) in Array(text.utf8) },
                matches: { _ throws(FileReader.Failure) in [] }),
            features: .everything)
        return DialbackKeyring(
            try DialbackSecrets(configuration), remotes: configuration.remotes, after: previous, grace: grace,
            now: .now - ago)
    }

    private static func pair(to remote: String) throws -> DomainPair {
        DomainPair(sender: try DomainName("a.example"), target: try DomainName(remote))
    }

    @Test func `DK-03: two servers with one secret know each other's keys, and a remote's own secret is its alone`()
        throws
    {
        let remotes = "[[remote]]\nname = \"*.bank.example\"\ndialback_secret = \"\(Self.second)\""
        let one = try Self.keyring(Self.first, remotes: remotes)
        let other = try Self.keyring(Self.first, remotes: remotes)
        let plain = try Self.keyring(Self.first)
        for remote in ["b.example", "x.bank.example", "bank.example"] {
            let pair = try Self.pair(to: remote)
            let key = one.key(for: pair, streamID: "s")
            #expect(other.isKey(key, for: pair, streamID: "s") && !other.isKey(key, for: pair, streamID: "t"))
            #expect(plain.isKey(key, for: pair, streamID: "s") == (remote != "x.bank.example"))
        }
    }

    @Test func `DK-03: after a changed secret its predecessor's keys are known while questions may be under way`()
        throws
    {
        let pair = try Self.pair(to: "b.example")
        let former = try Self.keyring(Self.first)
        let key = former.key(for: pair, streamID: "s")
        let changed = try Self.keyring(Self.second, after: former)
        #expect(changed.isKey(key, for: pair, streamID: "s") && !changed.isKey(key, for: pair, streamID: "t"))
        #expect(changed.key(for: pair, streamID: "s") != key)
        // A reload that leaves the secret alone does not end that time, nor make it longer.
        let unchanged = try Self.keyring(Self.second, after: changed)
        #expect(unchanged.isKey(key, for: pair, streamID: "s"))
        let late = try Self.keyring(Self.second, after: former, ago: .seconds(30))
        #expect(!late.isKey(key, for: pair, streamID: "s"))
        #expect(try !Self.keyring(Self.second, after: late).isKey(key, for: pair, streamID: "s"))
        #expect(try !Self.keyring(Self.second).isKey(key, for: pair, streamID: "s"))
        let back = try Self.keyring(Self.first, after: changed)
        #expect(back.isKey(key, for: pair, streamID: "s"))
        #expect(back.isKey(changed.key(for: pair, streamID: "s"), for: pair, streamID: "s"))
    }
}
