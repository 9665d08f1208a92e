import Administration
import Testing
import XMPPModel

@testable import Demonstration

/// Whole demonstrations, in this process.
@Suite("The demonstration", .serialized, .timeLimit(.minutes(5)))
struct DemonstrationRunTests {
    @Test func `every scene succeeds, is told in full, and leaves nothing behind`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, text) = try await Performance.perform(.standard, in: folder)

        #expect(result.succeeded)
        #expect(
            result.scenes.map(\.name) == [
                "first-message", "other-direction", "assertion", "supposition", "impostor", "forgery", "published-key",
                "interception", "counterfeit", "tenant", "reference", "one-way", "made-up-key", "both-directions",
            ])
        #expect(result.scenes.allSatisfy { $0.succeeded && $0.violations.isEmpty })
        #expect(result.seconds < 60)
        #expect(folder.names.isEmpty)

        let first = Set(result.scenes[0].events.map(\.kind))
        #expect(
            first.isSuperset(of: ["DNS", "dial", "connect", "accept", "TLS", "proof", "associate", "send", "receive"]))
        for piece in [
            "_xmpp-server._tcp.montague.example SRV", "_xmpps-server._tcp.capulet.example SRV", "TLSv1.3",
            "CN=Verona Root",
            "matched DNS-ID montague.example", "echo@montague.example → juliet@capulet.example",
        ] {
            #expect(text.contains(piece), "\(piece)")
        }
        #expect(!text.contains("\u{1B}"), "no colours but on a terminal")
        // A digest stays in one piece, however long it is.
        #expect(
            text.split(separator: "\n").allSatisfy { $0.count <= 100 || !$0.drop { $0 == " " }.contains(" ") })
    }

    @Test func `the associations at the end are those of the two who proved themselves`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, text) = try await Performance.perform(.standard, in: folder)

        // Who shares a stream with others stands in another test.
        let held = result.associations.filter { !["assertion", "supposition"].contains($0.summary.mechanism) }.map {
            "\($0.player) \($0.summary.direction) \($0.summary.remote) \($0.summary.prooftype)"
        }
        let partners = [
            ("montague", "pkix"), ("verona", "dane"), ("laurence", "pkix"), ("benvolio", "posh"), ("mercutio", "pkix"),
        ]
        let expected = partners.flatMap { partner, prooftype in
            ["inbound", "outbound"].flatMap {
                ["capulet \($0) \(partner).example \(prooftype)", "\(partner) \($0) capulet.example pkix"]
            }
        }
        let streets = ["sampson outbound gregory.example pkix", "gregory inbound sampson.example pkix"]
        #expect(Set(held) == Set(expected + streets) && held.count == expected.count + streets.count)
        #expect(result.associations.count - held.count == 8)
        for association in result.associations {
            #expect(association.summary.level == "authenticated")
            let evidence = association.summary.evidence
            #expect(text.contains(try #require(evidence["sha256"])))
        }
        #expect(text.contains("verona.example, by dane"))
    }

    @Test func `DA-01: a key in signed DNS proves a domain whose certificate nobody trusts`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, _) = try await Performance.perform(.standard, in: folder)

        let proved = result.associations.filter {
            $0.player == "capulet" && $0.summary.remote.description == "verona.example"
        }
        #expect(proved.count == 2)
        for association in proved {
            #expect(association.summary.prooftype == "dane")
            #expect(association.summary.evidence["matched"]?.hasPrefix("TLSA 3 1 1 at _") == true)
        }
    }

    @Test func `PT-03: a tenant is proved by the name of its provider, to which its signed records lead`() async throws
    {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, _) = try await Performance.perform(.standard, in: folder)

        let proved = result.associations.filter {
            $0.player == "capulet" && $0.summary.remote.description == "laurence.example"
        }
        #expect(proved.count == 2)
        for association in proved {
            #expect(association.summary.evidence["matched"] == "DNS-ID laurence.hosting.example")
            #expect(association.summary.secureDelegation)
        }
    }

    @Test func `PT-03: a tenant without signed DNS is proved by its web site, which refers to the provider's`()
        async throws
    {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, text) = try await Performance.perform(.standard, in: folder)

        let proved = result.associations.filter {
            $0.player == "capulet" && $0.summary.remote.description == "benvolio.example"
        }
        #expect(proved.count == 2)
        for association in proved {
            let evidence = association.summary.evidence
            #expect(association.summary.prooftype == "posh")
            #expect(evidence["url"]?.hasPrefix("https://hosting.example:") == true)
            #expect(evidence["delegated by"] == "https://benvolio.example/.well-known/posh/xmpp-server.json")
        }
        let scene = try #require(result.scenes.first { $0.name == "reference" })
        let visits = scene.events.filter { $0.player == "web" && $0.kind == "HTTPS" }
        let asked = visits.map { String($0.text.prefix { $0 != " " }) }
        #expect(asked.first == "https://benvolio.example/.well-known/posh/xmpp-server.json" && asked.count == 2)
        #expect(asked.last.map { Set(proved.compactMap { $0.summary.evidence["url"] }) == [$0] } == true)
        #expect(scene.events.contains { $0.player == "capulet" && $0.text.contains("benvolio.example is: insecure") })
        #expect(text.contains("benvolio.example, by posh"))
    }

    @Test(arguments: ["interception", "counterfeit"])
    func `DA-08, DA-21: a certificate of a trusted authority does not help against the key in DNS`(
        name: String
    ) async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, _) = try await Performance.perform(.standard, in: folder)

        let scene = try #require(result.scenes.first { $0.name == name })
        let verdict = try #require(
            scene.events.first { $0.player == "montague" && $0.kind == "proof" && $0.text.contains("NOT") })
        #expect(verdict.text.contains("NOT paris.example, dane: certificate "))
        #expect(verdict.text.contains("pkix: matched DNS-ID paris.example"))
        #expect(!scene.events.contains { $0.kind == "receive" })
        #expect(!scene.events.contains { $0.player == "montague" && $0.kind == "associate" })
        #expect(scene.events.contains { $0.kind == "bounce" })
    }

    @Test func `the impostor is refused with the reason, and its message goes back`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, _) = try await Performance.perform(.standard, in: folder)

        let scene = try #require(result.scenes.first { $0.name == "impostor" })
        let verdict = try #require(scene.events.first { $0.player == "montague" && $0.kind == "proof" })
        #expect(verdict.text.contains("NOT capulet.example,") && verdict.text.contains("pkix: "))
        #expect(scene.events.contains { $0.player == "impostor" && $0.kind == "bounce" })
        #expect(!scene.events.contains { $0.player == "montague" && ["associate", "receive"].contains($0.kind) })
    }

    @Test func `what is forged is told with the reason, and nobody goes where it leads`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, _) = try await Performance.perform(.standard, in: folder)

        let scene = try #require(result.scenes.first { $0.name == "forgery" })
        let forged = scene.events.filter {
            $0.kind == "DNS" && $0.text.contains("_xmpp-server._tcp.mantua.example SRV →")
        }
        #expect(!forged.isEmpty && !forged.contains { $0.text.contains(" 5269 ") })
        let finding = try #require(scene.events.first { $0.player == "montague" && $0.kind == "DNSSEC" })
        #expect(finding.text.contains("_xmpp-server._tcp.mantua.example SRV has no signature"))
        #expect(!scene.events.contains { ["dial", "connect"].contains($0.kind) && $0.player == "montague" })
        #expect(scene.events.contains { $0.player == "montague" && $0.kind == "bounce" })
    }

    @Test func `what must happen and does not fails the scene when its time is over`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let scene = Scene(
            name: "silence", title: "Silence", story: "Nobody answers at a domain that does not exist.",
            message: Scene.Message(
                player: "capulet", from: "juliet@capulet.example", to: "echo@montague.example", body: "Anybody?"),
            milestones: [.message("silence", from: "echo@montague.example", reaches: "capulet", "an echo")],
            forbidden: [.bounce(at: "capulet", "the message went back")])
        let programme = Programme(players: [Programme.standard.players[0]], scenes: [scene])
        let (result, text) = try await Performance.perform(programme, in: folder, patience: 1)

        #expect(!result.succeeded)
        #expect(result.scenes[0].milestones.map(\.reached) == [false])
        #expect(result.scenes[0].violations == ["the message went back"])
        #expect(text.contains("✗ an echo"))
        #expect(text.contains("✗ must not have happened: the message went back"))
        #expect(folder.names.isEmpty)
    }

    @Test func `JSON is one document with scenes, events and associations`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, text) = try await Performance.perform(.standard, in: folder, asJSON: true)

        #expect(text == result.document)
        for member in [
            "\"succeeded\" : true", "\"secure_delegation\" : false", "\"player\" : \"montague\"", "\"events\" : [",
        ] {
            #expect(text.contains(member), "\(member)")
        }
    }

    @Test func `a stage that cannot be set says why and leaves nothing`() async throws {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        // Nobody has this address.
        let player = Player(name: "nobody", domain: "nobody.example", address: "192.0.2.1", entrance: .startTLS)
        do {
            _ = try await Performance.perform(Programme(players: [player], scenes: []), in: folder)
            Issue.record("an address of somebody else was listened on")
        } catch let failure as StageFailure {
            #expect("\(failure)".contains("nobody"))
        }
        #expect(folder.names.isEmpty)

        var options = DemonstrationRun.Options()
        options.temporaryFolder = folder.path + "/missing"
        await #expect(throws: StageFailure.self) {
            _ = try await DemonstrationRun(options: options) { _ in }.perform()
        }
    }
}
