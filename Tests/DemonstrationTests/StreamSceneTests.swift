import Administration
import Testing
import XMPPModel

@testable import Demonstration

/// The scenes about who dials whom, and how often: each shows what it says, and fails when that is not so.
@Suite("Scenes of dialback and of shared streams", .serialized, .timeLimit(.minutes(5)))
struct StreamSceneTests {
    @Test(arguments: [
        (
            "assertion",
            [
                "capulet nurse.example montague.example outbound assertion s1",
                "montague nurse.example montague.example inbound assertion s1",
                "montague montague.example nurse.example outbound supposition s2",
                "capulet montague.example nurse.example inbound supposition s2",
            ]
        ),
        (
            "supposition",
            [
                "capulet capulet.example abram.example outbound supposition s1",
                "montague capulet.example abram.example inbound supposition s1",
                "montague abram.example capulet.example outbound assertion s2",
                "capulet abram.example capulet.example inbound assertion s2",
            ]
        ),
    ])
    func `PA-01, PA-02, PS-01, PS-06: two pairs more take no connection more`(
        scene: String, pairs: [String]
    ) async throws {
        let houses = Programme.standard.with(["capulet", "montague"], ["first-message", scene])
        let performance = try await Performance.of(houses)
        let played = try #require(performance.result.scenes.last)
        #expect(played.succeeded)
        #expect(played.connections == 0 && played.pairs == 2)
        #expect(performance.result.scenes[0].connections == 2)
        #expect(Set(pairs).isSubset(of: performance.result.associations.map(\.words)))
        for association in performance.result.associations {
            #expect(association.summary.level == "authenticated" && association.summary.prooftype == "pkix")
        }
        #expect(!played.events.contains { ["dial", "connect", "TLS"].contains($0.kind) })
        #expect(played.events.count { $0.kind == "share" } == 2)
        #expect(performance.text.contains("0 connections opened, 2 pairs of domains accepted"))
        #expect(performance.text.contains("4 pairs of domains on 2 connections in all."))
    }

    @Test(arguments: ["assertion", "supposition"])
    func `PA-01, PS-01: the scene fails where streams are not shared`(scene: String) async throws {
        let houses = Programme.standard.with(["capulet", "montague"], ["first-message", scene]) {
            $0.conduct.sharesStreams = false
        }
        let performance = try await Performance.of(houses, patience: 2)
        let played = try #require(performance.result.scenes.last)
        #expect(performance.result.scenes[0].succeeded && !played.succeeded)
        #expect(
            played.violations == ["Capulet opened another connection", "Montague opened another connection"]
                && played.connections == 2)
        // What was sent arrives all the same.
        #expect(played.milestones.filter { $0.text.contains("reached") }.allSatisfy { $0.reached })
        #expect(!played.milestones.filter { $0.text.contains("assertion") }.contains { $0.reached })
        #expect(!played.milestones.filter { $0.text.contains("supposition") }.contains { $0.reached })
        #expect(performance.text.contains("✗ must not have happened: Capulet opened another connection"))
    }

    @Test func `OW-02, OW-03, OW-04: who shows no certificate is proved by its own server`() async throws {
        let performance = try await Performance.of(.standard.with(["capulet", "mercutio"], ["one-way"]))
        let played = performance.result.scenes[0]
        // One that came, one for the question, and one for the other direction.
        #expect(played.succeeded && played.connections == 3 && played.pairs == 2)
        let proved = try #require(
            performance.result.associations.first { $0.player == "capulet" && $0.summary.direction == .inbound })
        #expect(proved.words == "capulet mercutio.example capulet.example inbound dialback s1")
        #expect(proved.summary.prooftype == "pkix" && proved.summary.level == "authenticated")
        #expect(proved.summary.evidence["proved_by"] == "pkix")
        #expect(proved.summary.evidence["matched"] == "DNS-ID mercutio.example")
        #expect(proved.summary.evidence["authoritative_server"]?.hasPrefix("127.0.0.11:") == true)
        let told = played.events.filter { $0.player == "capulet" && $0.kind == "dialback" }
        #expect(told.count == 1 && told[0].text.hasSuffix("knows it"))
        let claims = played.events.filter { $0.kind == "proof" && $0.text.contains("has still to prove") }
        #expect(claims.count == 1, "what was found is told once")
    }

    @Test func `OW-01: the scene fails where a certificate is shown`() async throws {
        let open = Programme.standard.with(["capulet", "mercutio"], ["one-way"]) {
            $0.conduct.presentsCertificate = true
        }
        let played = try await Performance.of(open, patience: 2).result.scenes[0]
        #expect(!played.succeeded && played.violations.isEmpty)
        #expect(played.milestones.prefix(3).allSatisfy { !$0.reached })
        #expect(played.milestones.suffix(2).allSatisfy { $0.reached })
    }

    @Test func `OW-03: a made-up key is refused at once, by a question on the stream that is there`() async throws {
        let ball = Programme.standard.with(["capulet", "montague", "masker"], ["first-message", "made-up-key"])
        let performance = try await Performance.of(ball)
        let played = try #require(performance.result.scenes.last)
        #expect(played.succeeded && played.connections == 1 && played.pairs == 0)
        let (first, last) = (try #require(played.events.first), try #require(played.events.last))
        #expect(last.seconds - first.seconds < 5, "no time-out is awaited")
        #expect(
            played.events.contains { $0.player == "montague" && $0.kind == "dialback" && $0.text.contains("not know") })
        #expect(!played.events.contains { ["associate", "receive"].contains($0.kind) })
        #expect(!performance.result.associations.contains { $0.player == "masker" })
    }

    @Test func `OW-03: the scene fails where the masker gets through`() async throws {
        let ball = Programme.standard.with(["capulet", "montague", "masker"], ["made-up-key"]) {
            // A certificate by the authority that all trust, and shown.
            $0.conduct.presentsCertificate = true
            $0.issuer = .trusted
        }
        let performance = try await Performance.of(ball, patience: 2)
        let played = performance.result.scenes[0]
        #expect(!played.succeeded)
        #expect(played.violations == ["montague accepts capulet.example → montague.example", "the masker got through"])
        #expect(!played.milestones.contains { $0.reached })
        #expect(performance.text.contains("✗ must not have happened: the masker got through"))
    }

    @Test func `BI-04, BI-08: both directions go over one connection`() async throws {
        let performance = try await Performance.of(.standard.with(["sampson", "gregory"], ["both-directions"]))
        let played = performance.result.scenes[0]
        #expect(played.succeeded && played.connections == 1 && played.pairs == 2)
        #expect(
            performance.result.associations.map(\.words).sorted() == [
                "gregory sampson.example gregory.example inbound external s1 both",
                "sampson sampson.example gregory.example outbound server-identity s1 both",
            ])
        #expect(performance.text.contains("sampson.example ⇄ gregory.example"))
        #expect(performance.text.contains("2 pairs of domains on 1 connection in all."))
    }

    @Test(arguments: ["sampson", "gregory"])
    func `BI-08: the scene fails where one of the two does not take both directions`(player: String) async throws {
        let streets = Programme.standard.with(["sampson", "gregory"], ["both-directions"]) {
            if $0.name == player { $0.conduct.usesBothDirections = false }
        }
        let played = try await Performance.of(streets, patience: 5).result.scenes[0]
        #expect(!played.succeeded && played.connections == 2)
        #expect(played.violations == ["Gregory opened a connection of its own"])
        #expect(played.milestones.suffix(2).allSatisfy { $0.reached })
    }

    @Test func `JSON says of each scene how many connections and pairs, and of each pair how`() async throws {
        let all = Programme.standard.with(
            ["capulet", "montague", "sampson", "gregory"], ["first-message", "supposition", "both-directions"])
        let text = try await Performance.of(all, asJSON: true).text
        for member in [
            "\"connections\" : 0", "\"connections\" : 1", "\"pairs\" : 2", "\"both_directions\" : true",
            "\"mechanism\" : \"supposition\"", "\"mechanism\" : \"assertion\"",
        ] {
            #expect(text.contains(member), "\(member)")
        }
    }
}

extension Programme {
    /// Some of its players, and some scenes.
    fileprivate func with(
        _ names: [String], _ played: [String], changing change: (inout Player) -> Void = { _ in }
    ) -> Programme {
        Programme(
            players: players.filter { names.contains($0.name) }.map {
                var player = $0
                change(&player)
                return player
            }, scenes: scenes.filter { played.contains($0.name) })
    }
}

extension DemonstrationResult.Association {
    /// Whose it is, sender and target, the direction, the mechanism and the stream.
    fileprivate var words: String {
        let ends = [summary.local.description, summary.remote.description]
        let pair = summary.direction == .inbound ? ends.reversed() : ends
        return ([player] + pair + [summary.direction.rawValue, summary.mechanism, summary.stream?.description ?? ""])
            .joined(separator: " ") + (isBothDirections ? " both" : "")
    }
}
