import Testing
import TransportSecurity
import XMPPModel

@Suite("Name constraints")
struct NameConstraintsTests {
    private typealias Name = CertificateTemplate.Name

    private func verdict(
        permitted: [CertificateTemplate.Name] = [], excluded: [CertificateTemplate.Name] = [],
        leaf names: [CertificateTemplate.Name]
    ) throws -> ChainVerdict {
        let middle = try ChainFixtures.intermediate {
            $0.permittedNames = permitted
            $0.excludedNames = excluded
        }
        let chain = try middle.issue(Fixtures.template("leaf", names)).chain
        return try Fixtures.store().validate(chain: chain, at: Fixtures.now, direction: .inbound)
    }

    private func isViolation(_ verdict: ChainVerdict) -> Bool {
        if case .untrusted(.nameConstraintViolated) = verdict { true } else { false }
    }

    private func unusable(_ verdict: ChainVerdict) -> Set<PeerCertificate.NameKind>? {
        if case .trusted(let path) = verdict { path.unusableNames } else { nil }
    }

    @Test func `CM-12: a dNSName outside the permitted subtree is refused`() throws {
        #expect(isViolation(try verdict(permitted: [.dns("other.example")], leaf: [.dns("a.example")])))
        #expect(isViolation(try verdict(excluded: [.dns("a.example")], leaf: [.dns("x.a.example")])))
        #expect(isViolation(try verdict(permitted: [.dns("a.example")], leaf: [.dns("xa.example")])))
        let fits = try verdict(permitted: [.dns("a.example")], leaf: [.dns("A.example"), .dns("x.a.example")])
        #expect(unusable(fits) != nil)
    }

    @Test(arguments: ["other.example", ".other.example"])
    func `CM-15: other kinds of name do not slip past a constraint for dNSName`(constraint: String) throws {
        let names: [CertificateTemplate.Name] = [.srv("_xmpp-server.a.example"), .xmppAddress("a.example")]
        let permitted = try verdict(permitted: [.dns(constraint)], leaf: names)
        #expect(unusable(permitted) == [.srvName, .xmppAddress])
        let excluded = try verdict(excluded: [.dns(constraint)], leaf: names)
        #expect(unusable(excluded) == [.srvName, .xmppAddress])
    }

    @Test(arguments: [
        ("a.example", "_xmpp-server.a.example", true),
        ("a.example", "_xmpp-server.x.A.example", true),
        ("a.example", "_xmpp-server.1a.example", false),
        ("_xmpp-server", "_XMPP-server.b.example", true),
        ("_xmpp-server", "_imap.b.example", false),
        ("_xmpp-server.a.example", "_xmpp-server.1.a.example", true),
        ("_xmpp-server.a.example", "_imap.a.example", false),
        ("_xmpp-server.a.example", "_xmpp-server.b.example", false),
    ])
    func `CM-15: SRVName constraints are applied (RFC 4985 section 4)`(
        constraint: String, name: String, fits: Bool
    ) throws {
        #expect(isViolation(try verdict(permitted: [.srv(constraint)], leaf: [.srv(name)])) == !fits)
        #expect(isViolation(try verdict(excluded: [.srv(constraint)], leaf: [.srv(name)])) == fits)
    }

    @Test func `CM-15: an SRVName constraint makes SRVName usable again, and hides no violation after it`() throws {
        let permitted: [CertificateTemplate.Name] = [.dns("a.example"), .srv("a.example")]
        let good = try verdict(permitted: permitted, leaf: [.srv("_xmpp-server.a.example"), .dns("a.example")])
        #expect(unusable(good) == [.xmppAddress])
        // OpenSSL stops at the SRVName, which it does not understand; the names behind it count all the same.
        let hidden = try verdict(permitted: permitted, leaf: [.srv("_xmpp-server.a.example"), .dns("evil.example")])
        #expect(isViolation(hidden))
        let address = try verdict(
            permitted: permitted + [.ipAddress([192, 0, 2, 0, 255, 255, 255, 0])],
            leaf: [.srv("_xmpp-server.a.example"), .ipAddress([198, 51, 100, 1])])
        #expect(isViolation(address))
    }

    @Test func `CM-07: the common name is outside all constraints, being no identity`() throws {
        #expect(unusable(try verdict(permitted: [.dns("a.example")], leaf: [.srv("_xmpp-server.b.example")])) != nil)
    }
}
