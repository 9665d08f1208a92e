import Testing
import TransportSecurity
import XMPPModel

@Suite("PKIX path validation")
struct TrustStoreTests {
    private func fault(
        _ chain: [PeerCertificate], _ store: TrustStore? = nil, _ direction: PeerDirection = .outbound
    ) throws -> ChainFault? {
        let store = try store ?? Fixtures.store()
        guard case .untrusted(let fault) = store.validate(chain: chain, at: Fixtures.now, direction: direction) else {
            return nil
        }
        return fault
    }

    @Test func `CM-12: a good chain is trusted, whatever the order of its intermediates`() throws {
        let middle = try ChainFixtures.intermediate()
        let low = try middle.subordinate(Fixtures.authority("Low Intermediate"))
        let chain = try low.issue(Fixtures.template("a.example")).chain
        for order in [[0, 1, 2], [0, 2, 1]] {
            let verdict = try Fixtures.store().validate(
                chain: order.map { chain[$0] }, at: Fixtures.now, direction: .inbound)
            guard case .trusted(let path) = verdict else {
                Issue.record("\(verdict)")
                return
            }
            #expect(
                path.subjects == ["CN=a.example", "CN=Low Intermediate", "CN=Test Intermediate", "CN=Test Root"])
            #expect(path.root == "CN=Test Root")
            #expect(path.expires == Fixtures.now + 30 * Fixtures.day)
            #expect(path.unusableNames.isEmpty && path.staleRevocationLists.isEmpty)
        }
    }

    @Test(arguments: ChainFixtures.badChains)
    func `CM-12: a chain that breaks a rule is refused with its own reason`(bad: ChainFixtures.BadChain) throws {
        for direction in PeerDirection.allCases {
            let found = try #require(try fault(bad.make(), nil, direction))
            #expect(bad.isExpected(found), "\(found)")
        }
    }

    @Test func `CM-12: the dates are those of the given moment`() throws {
        let chain = try Fixtures.issue("a.example").chain
        let store = try Fixtures.store()
        let edges: [(Int64, Bool)] = [
            (Fixtures.now - 30 * Fixtures.day - 1, false), (Fixtures.now - 30 * Fixtures.day, true),
            (Fixtures.now + 30 * Fixtures.day - 1, true), (Fixtures.now + 30 * Fixtures.day + 1, false),
        ]
        for (moment, isValid) in edges {
            let verdict = store.validate(chain: chain, at: moment, direction: .inbound)
            if case .trusted = verdict { #expect(isValid) } else { #expect(!isValid, "\(verdict)") }
        }
    }

    @Test func `DA-14: a path can be made to reach the root, past an intermediate that is an authority`() throws {
        let middle = try ChainFixtures.intermediate()
        let chain = try middle.issue(Fixtures.template("a.example")).chain
        let authorities: [TrustStore.Source] = [.certificate(middle.issued.certificate)]
        let root = try Fixtures.root.get().issued.certificate
        let store = try TrustStore(authorities: authorities + [.certificate(root)])
        for (reachesRoot, last) in [(false, middle.issued.certificate), (true, root)] {
            let verdict = store.validate(
                chain: chain, at: Fixtures.now, direction: .inbound, reachesRoot: reachesRoot)
            guard case .trusted(let path) = verdict else {
                Issue.record("\(verdict)")
                return
            }
            #expect(path.certificates.last == last)
        }
        let without = try TrustStore(authorities: authorities)
        let verdict = without.validate(chain: chain, at: Fixtures.now, direction: .inbound, reachesRoot: true)
        guard case .untrusted = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    @Test func `CM-12: a configured intermediate is an authority like any other`() throws {
        let middle = try ChainFixtures.intermediate()
        let store = try TrustStore(authorities: [.certificate(middle.issued.certificate)])
        #expect(try fault(middle.issue(Fixtures.template("a.example")).chain, store) == nil)
        #expect(try fault(Fixtures.issue("a.example").chain, store) != nil)
    }

    @Test(
        arguments: [
            (.absent, true, true),
            (.only([.any]), true, true),
            (.only([.serverAuthentication]), true, true),
            (.only([.serverAuthentication, .clientAuthentication]), true, true),
            (.only([.clientAuthentication]), true, false),
            (.only([.other("1.3.6.1.5.5.7.3.4")]), false, false),
            (.only([.other("1.3.6.1.5.5.7.3.4"), .any]), true, true),
        ] as [(PeerCertificate.ExtendedKeyUsage, Bool, Bool)])
    func `CM-20: extended key usage by direction`(
        usage: PeerCertificate.ExtendedKeyUsage, inbound: Bool, outbound: Bool
    ) throws {
        let issued = try Fixtures.issue("a.example") { $0.extendedKeyUsage = usage }
        #expect(issued.certificate.extendedKeyUsage == usage)
        #expect(try fault(issued.chain, nil, .inbound) == (inbound ? nil : .usageNotAllowed(.inbound)))
        #expect(try fault(issued.chain, nil, .outbound) == (outbound ? nil : .usageNotAllowed(.outbound)))
        // Who may only certify for something else makes no servers; but who is configured may.
        let middle = try ChainFixtures.intermediate { $0.extendedKeyUsage = usage }
        let below = try middle.issue(Fixtures.template("a.example")).chain
        #expect(try fault(below, nil, .inbound) == (inbound ? nil : .usageNotAllowed(.inbound)))
        #expect(try fault(below, nil, .outbound) == (outbound ? nil : .usageNotAllowed(.outbound)))
        let store = try TrustStore(authorities: [.certificate(middle.issued.certificate)])
        #expect(try fault(below, store, .outbound) == nil)
    }

    @Test func `CM-17: a revoked leaf is refused, and others under the same list are not`() throws {
        let revoked = try Fixtures.issue("a.example")
        let good = try Fixtures.issue("b.example")
        let list = try Fixtures.root.get().revocationList(
            revoking: [revoked.certificate], thisUpdate: Fixtures.now - 10, nextUpdate: Fixtures.now + 10)
        for form in [list, pem(list)] {
            let store = try Fixtures.store(revocationLists: [form])
            #expect(store.revocationListCount == 1)
            let found = try fault(revoked.chain, store)
            #expect(
                found
                    == .revoked(
                        subject: "CN=a.example", serialNumber: revoked.certificate.serialNumber, depth: 0))
            #expect(try fault(good.chain, store) == nil)
        }
    }

    @Test func `CM-17: a revoked intermediate is refused, and an issuer without a list passes`() throws {
        let middle = try ChainFixtures.intermediate()
        let chain = try middle.issue(Fixtures.template("a.example")).chain
        let empty = try Fixtures.root.get().revocationList(
            revoking: [], thisUpdate: Fixtures.now - 10, nextUpdate: Fixtures.now + 10)
        #expect(try fault(chain, Fixtures.store(revocationLists: [empty])) == nil)
        let list = try Fixtures.root.get().revocationList(
            revoking: [middle.issued.certificate], thisUpdate: Fixtures.now - 10, nextUpdate: Fixtures.now + 10)
        guard case .revoked("CN=Test Intermediate", _, 1) = try fault(chain, Fixtures.store(revocationLists: [list]))
        else {
            Issue.record("an intermediate")
            return
        }
    }

    @Test func `CM-17: an out-of-date list is used and noted, or refused, as configured`() throws {
        let revoked = try Fixtures.issue("a.example")
        let good = try Fixtures.issue("b.example")
        let list = try Fixtures.root.get().revocationList(
            revoking: [revoked.certificate], thisUpdate: Fixtures.now - 20, nextUpdate: Fixtures.now - 10)
        let soft = try Fixtures.store(revocationLists: [list])
        let hard = try Fixtures.store(revocationLists: [list], stale: .refuse)
        guard case .trusted(let path) = soft.validate(chain: good.chain, at: Fixtures.now, direction: .inbound) else {
            Issue.record("a good chain under an old list")
            return
        }
        #expect(path.staleRevocationLists == ["CN=Test Root"])
        guard case .revoked = try fault(revoked.chain, soft) else {
            Issue.record("a revoked chain under an old list")
            return
        }
        #expect(try fault(good.chain, hard) == .staleRevocationList(issuer: "CN=Test Root"))
    }

    @Test func `CM-17: a list under the name of our authority that another signed is no list`() throws {
        let good = try Fixtures.issue("b.example")
        let impostor = try CertificateAuthority.root(Fixtures.authority("Test Root"))
        let list = try impostor.revocationList(
            revoking: [good.certificate], thisUpdate: Fixtures.now - 10, nextUpdate: Fixtures.now + 10)
        guard
            case .badRevocationList("CN=Test Root", _) = try fault(good.chain, Fixtures.store(revocationLists: [list]))
        else {
            Issue.record("a forged list")
            return
        }
    }

    @Test func `Loading names the source and the reason`() throws {
        #expect(throws: TrustStoreFailure.unreadable(source: "/nonexistent", reason: "No such file or directory")) {
            try TrustStore(authorities: [.file("/nonexistent")])
        }
        #expect(throws: TrustStoreFailure.badCertificate(source: "empty", .noCertificate)) {
            try TrustStore(authorities: [.bytes([], name: "empty")])
        }
        let failure = #expect(throws: TrustStoreFailure.self) {
            try TrustStore(authorities: [], revocationLists: [.bytes([1, 2, 3], name: "list")])
        }
        guard case .badRevocationList("list", _) = failure else {
            Issue.record("unexpected \(String(describing: failure))")
            return
        }
        #expect(try TrustStore(authorities: []).authorityCount == 0)
    }

    private func pem(_ list: [UInt8]) -> [UInt8] {
        Array("-----BEGIN X509 CRL-----\n\(Base64.encode(list))\n-----END X509 CRL-----\n".utf8)
    }
}
