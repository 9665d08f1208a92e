import DomainAssociation
import EventLoops
import Testing
import XMPPModel

@testable import Federation

/// When proofs of a stream are made once more: the order, what ends it, and that it does not grow with the number of proofs.
@Suite("The proofs that a stream rests on")
struct ProofWatchesTests {
    private struct Certain: Prooftype {
        let name: ProoftypeName = "certain"
        let expires: Int64?
        func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
            .proven(Proof(["matched": "it"], expires: expires))
        }
    }

    private static func association(
        _ remote: String, _ local: String = "a.example", side: DomainClaim.Side = .sender, certificate: UInt8 = 1,
        expires: Int64? = 5000
    ) throws -> Association {
        let (remote, local) = (try DomainName(remote), try DomainName(local))
        let pair =
            side == .sender
            ? DomainPair(sender: remote, target: local) : DomainPair(sender: local, target: remote)
        let certificate = PeerCertificate(
            der: [certificate], sha256: [UInt8](repeating: certificate, count: 32), subjectAlternativeNames: [])
        let claim = DomainClaim(pair: pair, side: side, certificates: [certificate], moment: 1000)
        var proofCase = ProofCase(claim, under: FederationPolicy(prooftypes: [Certain(expires: expires)]))
        guard case .concluded(.proven(let proven))? = proofCase.handle(.opened).first else {
            throw UnprovenClaim()
        }
        return proven.association(by: .external)
    }

    private struct UnprovenClaim: Error {}

    private static func time(_ seconds: Int) -> LoopTime { LoopTime(nanoseconds: UInt64(seconds) * 1_000_000_000) }

    @Test(arguments: [1, 7, 1000])
    func `PT-06: proofs come in the order of their times, so many in one go, and each once`(most: Int) throws {
        var watches = ProofWatches()
        var generator = SystemRandomNumberGenerator()
        var expected: [(name: String, due: Int)] = []
        for number in 0..<300 {
            let association = try Self.association("r\(number).example")
            let isFirst = watches.join(association)
            #expect(isFirst)
            let due = Int.random(in: 10..<100, using: &generator)
            watches.wait(association, until: Self.time(due), expiring: 5000)
            // Some have their time changed, and some end: what is found later is what is left.
            if number.isMultiple(of: 5) {
                watches.wait(association, until: Self.time(due + 3), expiring: 6000)
                expected.append((association.remoteDomain.description, due + 3))
            } else if number.isMultiple(of: 3) {
                watches.leave(association)
            } else {
                expected.append((association.remoteDomain.description, due))
            }
        }
        var taken: [(name: String, due: Int)] = []
        let early = watches.takeDue(at: Self.time(9), most: most)
        #expect(early.isEmpty)
        for now in 10..<110 {
            while true {
                let due = watches.takeDue(at: Self.time(now), most: most)
                #expect(due.count <= most)
                if due.isEmpty { break }
                taken += due.map { ($0.association.remoteDomain.description, now) }
            }
            #expect(watches.nextDue.map { $0 > Self.time(now) } ?? true)
        }
        #expect(watches.nextDue == nil)
        #expect(taken.map(\.due) == taken.map(\.due).sorted())
        #expect(taken.sorted { $0.name < $1.name }.map(\.name) == expected.sorted { $0.name < $1.name }.map(\.name))
        #expect(taken.sorted { $0.name < $1.name }.map(\.due) == expected.sorted { $0.name < $1.name }.map(\.due))
    }

    @Test func `PT-06: pairs that rest on one proof are watched once, until the last of them leaves`() throws {
        var watches = ProofWatches()
        let first = try Self.association("b.example")
        let second = try Self.association("b.example", "c.example")
        let joined = [watches.join(first), watches.join(second)]
        #expect(joined == [true, false])
        watches.wait(first, until: Self.time(10), expiring: 5000)
        #expect(watches.count(of: second) == 2)
        watches.leave(first)
        #expect(watches.nextDue == Self.time(10) && watches.expires(second) == 5000)
        watches.leave(second)
        #expect(watches.nextDue == nil && watches.count(of: second) == 0)
        // Of what nobody rests on nothing is awaited, and leaving once more does nothing.
        watches.wait(first, until: Self.time(10), expiring: 5000)
        watches.leave(first)
        #expect(watches.nextDue == nil)
    }

    @Test(arguments: [
        ("c.example", DomainClaim.Side.sender, UInt8(1)), ("b.example", .target, 1), ("b.example", .sender, 2),
    ])
    func `PT-06, PS-02: another domain, role or certificate is another proof`(
        domain: String, side: DomainClaim.Side, certificate: UInt8
    ) throws {
        var watches = ProofWatches()
        let one = try Self.association("b.example")
        let other = try Self.association(domain, side: side, certificate: certificate, expires: 7000)
        let joined = [watches.join(one), watches.join(other)]
        #expect(joined == [true, true])
        #expect(!ProofWatches.restOnSame(one, other))
        watches.wait(other, until: Self.time(10), expiring: 8000)
        #expect(watches.expires(one) == 5000 && watches.expires(other) == 8000)
        watches.leave(one)
        let due = watches.takeDue(at: Self.time(10), most: 9)
        #expect(due.map(\.expires) == [8000])
    }

    @Test func `PT-06: an answer counts once, and not for a proof that nobody asked about`() throws {
        var watches = ProofWatches()
        let association = try Self.association("b.example")
        _ = watches.join(association)
        watches.wait(association, until: Self.time(10), expiring: 5000)
        let unasked = watches.takeAnswer(about: association)
        let asked = watches.takeDue(at: Self.time(10), most: 1).count
        let answers = [watches.takeAnswer(about: association), watches.takeAnswer(about: association)]
        #expect(unasked == nil && asked == 1 && answers == [5000, nil])
        // It left and came back while it was asked about: the answer is that of the former one.
        watches.wait(association, until: Self.time(20), expiring: 6000)
        let askedAgain = watches.takeDue(at: Self.time(20), most: 1).count
        watches.leave(association)
        _ = watches.join(association)
        watches.wait(association, until: Self.time(30), expiring: 5000)
        let late = watches.takeAnswer(about: association)
        #expect(askedAgain == 1 && late == nil && watches.nextDue == Self.time(30))
        watches.cancel()
        let rest = watches.takeDue(at: Self.time(99), most: 9)
        #expect(watches.nextDue == nil && rest.isEmpty)
    }

    @Test func `PO-21: what prooftypes say later stands in place of what they said, and goes with the proof`() throws {
        var watches = ProofWatches()
        let association = try Self.association("b.example")
        let late = try Self.association("c.example").verdicts.map { $0 }
        #expect(watches.verdicts(of: association) == association.verdicts)
        _ = watches.join(association)
        watches.set(late, of: association)
        #expect(watches.verdicts(of: association) == late)
        watches.leave(association)
        #expect(watches.verdicts(of: association) == association.verdicts)
        // A proof that never ends is not said to end.
        let endless = try Self.association("d.example", expires: nil)
        _ = watches.join(endless)
        #expect(watches.expires(endless) == nil)
    }

    /// With time in proportion to their number for each of them it would take minutes.
    @Test func `PT-06: thousands of proofs cost each other nothing`() throws {
        var watches = ProofWatches()
        let count = 20_000
        var associations: [Association] = []
        for number in 0..<count {
            let association = try Self.association("r\(number).example")
            associations.append(association)
            _ = watches.join(association)
            watches.wait(association, until: Self.time(10 + (number &* 7919) % 100), expiring: 5000)
        }
        var taken = 0
        for now in 0..<200 {
            while case let due = watches.takeDue(at: Self.time(now), most: 32), !due.isEmpty { taken += due.count }
        }
        #expect(taken == count)
        for association in associations { watches.leave(association) }
        #expect(watches.count(of: associations[0]) == 0)
    }
}
