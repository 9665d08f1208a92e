import Federation
import StreamProtocol
import Testing
import XMPPModel

@testable import Assembly

/// Whom both directions are offered to, by the configuration.
@Suite("The setting bidirectional")
struct BothDirectionsTests {
    private static let remote = "[[remote]]\nname = \"b.example\"\nbidirectional = "

    @Test(arguments: [
        ("", ["b.example", "c.example"]),
        ("[federation]\nbidirectional = false", []),
        (remote + "false", ["c.example"]),
        ("[federation]\nbidirectional = false\n" + remote + "true", ["b.example"]),
    ])
    func `BI-01, BI-08: both directions are offered to those for whom the configuration says so`(
        settings: String, offered: [String]
    ) throws {
        let installation = try Installation()
        let file = try installation.configure(installation.configuration(settings: settings))
        let loaded = try LoadedConfiguration(file: file)
        #expect(loaded.warnings.isEmpty)
        let found = try ["b.example", "c.example"].filter { name in
            let stream = StreamFacts(role: .receiving, isEncrypted: true, remoteDomain: try DomainName(name))
            return loaded.deployment.parts.streamFeatures().contains {
                $0.advertisement(on: stream)?.is(Namespace.bidirectionalFeature, "bidi") == true
            }
        }
        #expect(found == offered)
    }
}
