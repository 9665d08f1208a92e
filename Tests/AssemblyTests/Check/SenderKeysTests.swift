import Configuration
import Prooftypes
import StreamFeatures
import StreamProtocol
import TestSupport
import Testing
import XMPPModel

@testable import Assembly

@Suite("ligasectl check: the keys of who asks")
struct SenderKeysTests {
    private static func pair() throws -> DomainPair {
        DomainPair(sender: try DomainName("a.example"), target: try DomainName("b.example"))
    }

    /// The key that is made of a configuration; nil where none is, with the reason.
    private static func key(_ federation: String, from sender: String?) throws -> (key: String?, reason: String) {
        let installation = try Installation()
        let file = try installation.configure(
            installation.configuration(settings: "[federation]\n" + federation))
        let configuration = try Configuration.load(
            file: file, reading: ConfigurationFiles.reader, features: .everything,
            prooftypes: ProoftypeAssembly.sections(of: AllProoftypes.kinds))
        let remote = RemotePolicyIndex(configuration.remotes).policy(for: try DomainName("b.example"))
        let keys = SenderKeys(of: try sender.map { try DomainName($0) }, in: configuration, under: remote)
        switch keys {
        case .known(let keys): return (keys.key(for: try Self.pair(), streamID: "x"), "")
        case .unknown(let reason, let fix): return (nil, "\(reason); \(fix)")
        }
    }

    @Test(arguments: [
        ("dialback_secret = \"s3cr3t\"\n", "s3cr3t"),
        (
            "dialback_secret = \"s3cr3t\"\n[[remote]]\nname = \"b.example\"\ndialback_secret = \"another\"\n", "another"
        ), ("[[remote]]\nname = \"b.example\"\ndialback_secret = \"another\"\n", "another"),
    ])
    func `DK-03: the secret that the daemon would use for the remote domain makes the key`(
        federation: String, secret: String
    ) throws {
        let key = try Self.key(federation, from: "a.example").key
        #expect(try key == DialbackSecret(secret).key(for: Self.pair(), streamID: "x"))
    }

    @Test(
        arguments: [
            (nil, "--from"), ("z.example", "z.example is no domain of this configuration"),
            ("a.example", "no daemon has made a dialback secret"),
        ] as [(String?, String)])
    func `who asks for nobody, for somebody else or before the first start has no key`(
        sender: String?, words: String
    ) throws {
        let (key, reason) = try Self.key("", from: sender)
        #expect(key == nil && reason.contains(words), "\(reason)")
    }
}
