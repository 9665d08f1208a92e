import Testing
import XMPPModel

@testable import TransportSecurity

@Suite("What is remembered of chains")
struct VerdictMemoryTests {
    /// A question that differs in one thing from one that was asked before.
    struct Variation: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let ask: @Sendable ([PeerCertificate], TrustStore) -> ChainVerdict

        init(
            _ name: String, moment: Int64 = Fixtures.now, direction: PeerDirection = .inbound,
            reachesRoot: Bool = false,
            _ change: @escaping @Sendable ([PeerCertificate]) -> [PeerCertificate] = { $0 }
        ) {
            testDescription = name
            ask = { chain, store in
                store.validate(chain: change(chain), at: moment, direction: direction, reachesRoot: reachesRoot)
            }
        }
    }

    static let variations = [
        Variation("a second after the leaf has expired", moment: Fixtures.now + 1),
        Variation("before it was valid", moment: Fixtures.now - 31 * Fixtures.day),
        Variation("the other direction", direction: .outbound),
        Variation("a path to the root", reachesRoot: true),
        Variation("without the intermediates") { Array($0.prefix(1)) },
        Variation("another signature under the same digest") { chain in
            var forged = chain
            forged[0].der[forged[0].der.count - 1] ^= 1
            return forged
        },
        Variation("an intermediate as leaf") { $0.reversed() },
        Variation("nobody") { _ in [] },
    ]

    /// Good for the inbound direction alone, for one more second, with the intermediate that comes along, and by another one
    /// that is the only authority.
    private static func subject() throws -> (chain: [PeerCertificate], authorities: [TrustStore.Source]) {
        let middle = try ChainFixtures.intermediate()
        let low = try middle.subordinate(Fixtures.authority("Low Intermediate"))
        var template = Fixtures.template("a.example")
        template.notAfter = Fixtures.now + 1
        template.extendedKeyUsage = .only([.clientAuthentication])
        return (try low.issue(template).chain, [.certificate(middle.issued.certificate)])
    }

    @Test(arguments: variations)
    func `CM-12: a verdict is not found again by another question`(variation: Variation) throws {
        let (chain, authorities) = try Self.subject()
        let store = try TrustStore(authorities: authorities)
        for _ in 0..<2 {
            guard case .trusted = store.validate(chain: chain, at: Fixtures.now, direction: .inbound) else {
                Issue.record("a good chain")
                return
            }
        }
        let verdict = variation.ask(chain, store)
        guard case .untrusted = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(try verdict == variation.ask(chain, TrustStore(authorities: authorities)))
        // Nor does the other way round: what was refused so is good as it was asked first.
        guard case .trusted = store.validate(chain: chain, at: Fixtures.now, direction: .inbound) else {
            Issue.record("a good chain, after \(variation.testDescription)")
            return
        }
    }

    @Test func `CM-12: a verdict is one of its own store`() throws {
        let (chain, authorities) = try Self.subject()
        let trusting = try TrustStore(authorities: authorities)
        let other = try TrustStore(authorities: [])
        for _ in 0..<2 {
            guard case .trusted = trusting.validate(chain: chain, at: Fixtures.now, direction: .inbound),
                case .untrusted = other.validate(chain: chain, at: Fixtures.now, direction: .inbound)
            else {
                Issue.record("two stores")
                return
            }
        }
    }

    @Test func `Strangers' chains take bounded room, and none for longer than a second`() throws {
        let store = try Fixtures.store()
        let chains = (0..<3 * VerdictMemory.capacity).map { number in
            [PeerCertificate(der: [0x30, UInt8(number & 255)], sha256: [UInt8(number & 255)])]
        }
        for chain in chains {
            _ = store.validate(chain: chain, at: Fixtures.now, direction: .inbound)
            #expect((1...VerdictMemory.capacity).contains(store.rememberedCount))
        }
        _ = store.validate(chain: chains[0], at: Fixtures.now + 1, direction: .inbound)
        #expect(store.rememberedCount == 1)
    }
}
