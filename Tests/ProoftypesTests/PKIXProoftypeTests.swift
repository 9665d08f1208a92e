import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

@Suite("PKIX")
struct PKIXProoftypeTests {
    // MARK: - Names

    @Test func `CM-01: the reference identity is the claimed domain, and no SRV target`() throws {
        let chain = try Certificates.chain([.dns("host.provider.example")])
        let services = Evidence.ServiceRecords(
            records: [ServiceRecord(priority: 0, weight: 0, port: 5269, target: "host.provider.example")],
            isSecure: false)
        let assessment = try Certificates.assess("a.example", chain, services: services)
        #expect(
            assessment
                == .inconclusive(reason: "the certificate is not for a.example; it names host.provider.example"))
        #expect(try Certificates.assess("host.provider.example", chain).isProven)
    }

    @Test(arguments: [
        ("a.example", "A.EXAMPLE", true), ("a.example", "xa.example", false), ("a.example", "a.example.org", false),
        ("a.example", "example", false), ("A.Example.", "a.example", true), ("a.example", "rooms.a.example", false),
        ("rooms.a.example", "a.example", false),
    ])
    func `CM-02, CM-05, CM-13: a dNSName matches label by label`(domain: String, name: String, matches: Bool) throws {
        #expect(try Certificates.match(domain, [.dns(name)]) == (matches ? "DNS-ID \(name)" : nil))
    }

    @Test(arguments: [
        ("_xmpp-server.a.example", true), ("_XMPP-SERVER.A.EXAMPLE", true), ("_xmpp-client.a.example", false),
        ("_xmpp-server._tcp.a.example", false), ("a.example", false), ("_xmpp-server.*.example", false),
        ("_xmpps-server.a.example", false),
    ])
    func `CM-03: an SRVName matches in service and name`(name: String, matches: Bool) throws {
        #expect(try Certificates.match("a.example", [.srv(name)]) == (matches ? "SRV-ID \(name)" : nil))
    }

    @Test(arguments: [
        ("a.example", "a.example", true), ("a.example", "A.EXAMPLE.", true),
        ("münchen.example", "münchen.example", true),
        ("münchen.example", "xn--mnchen-3ya.example", true), ("a.example", "user@a.example", false),
        ("a.example", "a.example/x", false), ("a.example", "*.example", false),
    ])
    func `CM-04: an XmppAddr counts as a bare domain only`(domain: String, name: String, matches: Bool) throws {
        #expect(try Certificates.match(domain, [.xmppAddress(name)]) == (matches ? "XmppAddr \(name)" : nil))
    }

    @Test(arguments: [
        ("rooms.a.example", "*.a.example", true), ("rooms.a.example", "*.A.Example", true),
        ("a.example", "*.a.example", false), ("x.rooms.a.example", "*.a.example", false),
        ("rooms.a.example", "b*.example", false), ("bar.example", "b*.example", false),
        ("bar.example", "*r.example", false), ("x.y.example", "x.*.example", false),
        ("x.y.example", "*.*.example", false), ("example", "*", false), ("a.example", "*", false),
        ("münchen.example", "xn--*.example", false), ("münchen.example", "*.example", true),
    ])
    func `CM-05, CM-06: a wildcard is the whole left-most label and stands for one`(
        domain: String, name: String, matches: Bool
    ) throws {
        #expect(try (Certificates.match(domain, [.dns(name)]) != nil) == matches)
        #expect(try Certificates.match(domain, [.dns(name), .dns(DomainName(domain).ascii)]) != nil)
    }

    @Test func `CM-07: the common name is never looked at`() throws {
        #expect(try Certificates.match("a.example", []) { $0.commonName = "a.example" } == nil)
        let chain = try Certificates.chain([]) { $0.commonName = "a.example" }
        #expect(
            try Certificates.assess("a.example", chain).reason
                == "the certificate is not for a.example; it names no subjectAltName")
    }

    @Test(arguments: [
        ("münchen.example", "xn--mnchen-3ya.example", true), ("MÜNCHEN.example", "XN--MNCHEN-3YA.example", true),
        ("straße.example", "xn--strae-oqa.example", true), ("straße.example", "strasse.example", false),
    ])
    func `CM-08: U-labels become A-labels by IDNA2008`(domain: String, name: String, matches: Bool) throws {
        #expect(try (Certificates.match(domain, [.dns(name)]) != nil) == matches)
        #expect(try (Certificates.match(domain, [.srv("_xmpp-server.\(name)")]) != nil) == matches)
    }

    @Test(arguments: ["192.0.2.1", "[2001:db8::1]"])
    func `CM-09: an address is proved by no certificate, and the reason says so`(domain: String) throws {
        let names: [CertificateTemplate.Name] = [
            .dns("192.0.2.1"), .ipAddress([192, 0, 2, 1]), .xmppAddress("192.0.2.1"),
        ]
        let assessment = try Certificates.assess(domain, try Certificates.chain(names))
        #expect(assessment.reason.contains("is an IP address"))
    }

    @Test func `CM-10: one of many names is enough, and is recorded with its kind`() throws {
        let others = (0..<9).map { CertificateTemplate.Name.dns("host\($0).example") }
        #expect(
            try Certificates.match("a.example", others + [.srv("_xmpp-server.a.example")])
                == "SRV-ID _xmpp-server.a.example")
        let chain = try Certificates.chain(others)
        #expect(try Certificates.assess("a.example", chain).reason.hasSuffix("host7.example and 1 more"))
    }

    @Test func `CM-14, PT-03: a secure SRV answer makes its target an identity, as a host`() throws {
        let services = Evidence.ServiceRecords(
            records: [
                ServiceRecord(priority: 0, weight: 0, port: 5269, target: ""),
                ServiceRecord(priority: 0, weight: 0, port: 5269, target: "host.provider.example"),
            ], isSecure: true)
        let chain = try Certificates.chain([.dns("host.provider.example")])
        guard case .proven(let proof) = try Certificates.assess("a.example", chain, side: .sender, services: services)
        else {
            Issue.record("not proven")
            return
        }
        #expect(proof.hasSecureDelegation)
        #expect(proof.findings.first?.value == "DNS-ID host.provider.example")
        let asService = try Certificates.chain([.srv("_xmpp-server.host.provider.example")])
        #expect(try !Certificates.assess("a.example", asService, side: .sender, services: services).isProven)
    }

    @Test(arguments: [("host.provider.example", true), ("host.provider.example", false), ("other.example", true)])
    func `CM-14: of a peer that we dialled the host counts that signed records led to`(
        host: String, isSecure: Bool
    ) throws {
        let chain = try Certificates.chain([.dns("host.provider.example")])
        let delegation = Delegation(to: host, isSecure: isSecure, detail: "")
        let assessment = try Certificates.assess("a.example", chain, services: nil, delegation: delegation)
        #expect(assessment.isProven == (isSecure && host == "host.provider.example"))
    }

    @Test func `CM-14: of a peer that dialled us no host counts that unsigned records name`() throws {
        let chain = try Certificates.chain([.dns("host.provider.example")])
        let records = [ServiceRecord(priority: 0, weight: 0, port: 5269, target: "host.provider.example")]
        for isSecure in [true, false] {
            let services = Evidence.ServiceRecords(records: records, isSecure: isSecure)
            let assessment = try Certificates.assess("a.example", chain, side: .sender, services: services)
            #expect(assessment.isProven == isSecure)
        }
    }

    @Test func `DN-15: where the configuration led to the peer, no record is asked for`() throws {
        let chain = try Certificates.chain([.dns("host.provider.example")])
        let assessment = try Certificates.assess("a.example", chain, services: nil)
        #expect(assessment.reason.contains("is not for a.example"))
    }

    @Test func `CM-14: SRV records are asked for only when the names do not match`() throws {
        let chain = try Certificates.chain([.dns("a.example")])
        #expect(try Certificates.assess("a.example", chain, services: nil).isProven)
        let domain = try DomainName("b.example")
        #expect(
            try Certificates.assess("b.example", chain, side: .sender, services: nil)
                == .needs([.serviceRecords(of: domain)]))
    }

    @Test func `CM-15: under constraints for dNSName the other forms do not slip past`() throws {
        let constrained = try Certificates.authority().subordinate(
            Certificates.template("Constrained") {
                $0.isAuthority = true
                $0.permittedNames = [.dns("other.example")]
            })
        for name in [CertificateTemplate.Name.srv("_xmpp-server.a.example"), .xmppAddress("a.example")] {
            let chain = try constrained.issue(Certificates.template("leaf", [name])).chain
            #expect(try !Certificates.assess("a.example", chain).isProven)
        }
        let inside = try constrained.issue(Certificates.template("leaf", [.dns("x.other.example")])).chain
        #expect(try Certificates.assess("x.other.example", inside).isProven)
    }

    @Test func `CM-18: a name with a NUL, or too long, is unusable and not shortened`() throws {
        let evil: [CertificateTemplate.Name] = [
            .dnsBytes(Array("a.example\0.evil.example".utf8)),
            .dnsBytes(Array("a.example".utf8) + [0]),
            .dnsBytes(Array((String(repeating: "a", count: 64) + ".example").utf8)),
            .dnsBytes(Array("a.example\u{E9}".utf8)),
        ]
        for name in evil {
            let chain = try Certificates.chain([name])
            #expect(try Certificates.assess("a.example", chain).reason.contains("unusable"))
        }
        #expect(try Certificates.match("a.example", evil + [.dns("a.example")]) == "DNS-ID a.example")
    }

    @Test func `CM-19: service and domain are not put together from two names`() throws {
        let names: [CertificateTemplate.Name] = [.srv("_xmpp-server.x.example"), .srv("_imap.a.example")]
        #expect(try Certificates.match("a.example", names) == nil)
    }

    // MARK: - Chains

    @Test func `CM-12: the reason of a refused chain stands in the verdict`() throws {
        let expired = try Certificates.chain([.dns("a.example")]) { $0.notAfter = Certificates.now - 1 }
        #expect(try Certificates.assess("a.example", expired) == .inconclusive(reason: "certificate has expired"))
        let authority = try Certificates.chain([.dns("a.example")]) { $0.isAuthority = true }
        #expect(try Certificates.assess("a.example", authority).reason.contains("itself a certificate authority"))
        let selfSigned = try CertificateAuthority.selfSigned(Certificates.template("leaf", [.dns("a.example")])).chain
        #expect(try Certificates.assess("a.example", selfSigned) == .inconclusive(reason: "certificate is self-signed"))
        #expect(
            try Certificates.assess("a.example", []) == .inconclusive(reason: "no certificate was presented"))
    }

    @Test func `CM-17: a revoked certificate is refused, and a stale list is treated as configured`() throws {
        let authority = try Certificates.authority()
        let chain = try Certificates.chain([.dns("a.example")])
        let now = Certificates.now
        let list = try authority.revocationList(revoking: [chain[0]], thisUpdate: now - 10, nextUpdate: now + 10)
        let revoking = try Certificates.prooftype(revocationLists: [list])
        #expect(try Certificates.assess("a.example", chain, by: revoking).reason.contains("revoked"))
        let old = try authority.revocationList(revoking: [], thisUpdate: now - 20, nextUpdate: now - 10)
        let strict = try Certificates.prooftype(revocationLists: [old], stale: .refuse)
        #expect(try !Certificates.assess("a.example", chain, by: strict).isProven)
        let lenient = try Certificates.prooftype(revocationLists: [old])
        guard case .proven(let proof) = try Certificates.assess("a.example", chain, by: lenient) else {
            Issue.record("not proven")
            return
        }
        #expect(proof.findings.contains { $0.name == "stale revocation list" })
    }

    @Test(arguments: [
        (PeerCertificate.ExtendedKeyUsage.absent, true, true), (.only([.any]), true, true),
        (.only([.serverAuthentication]), true, true), (.only([.clientAuthentication]), true, false),
        (.only([.serverAuthentication, .clientAuthentication]), true, true),
        (.only([.other("1.3.6.1.5.5.7.3.3")]), false, false),
    ])
    func `CM-20: usages for servers are good both ways, clientAuth alone inbound`(
        usage: PeerCertificate.ExtendedKeyUsage, inbound: Bool, outbound: Bool
    ) throws {
        let chain = try Certificates.chain([.dns("a.example")]) { $0.extendedKeyUsage = usage }
        #expect(try Certificates.assess("a.example", chain, side: .sender).isProven == inbound)
        #expect(try Certificates.assess("a.example", chain, side: .target).isProven == outbound)
    }

    @Test func `PT-01, CM-10: a proof names its material and its end`() throws {
        let chain = try Certificates.chain([.dns("a.example")])
        guard case .proven(let proof) = try Certificates.assess("a.example", chain) else {
            Issue.record("not proven")
            return
        }
        #expect(proof.findings.map(\.name) == ["matched", "subject", "issuer", "anchor", "sha256"])
        #expect(proof.expires == Certificates.now + 30 * Certificates.day)
        #expect(!proof.hasSecureDelegation)
    }

    @Test func `PT-04: the same certificate is judged for the domain of either side`() throws {
        let chain = try Certificates.chain([.dns("a.example")])
        #expect(try Certificates.assess("a.example", chain, side: .sender).isProven)
        #expect(try Certificates.assess("a.example", chain, side: .target).isProven)
        #expect(try !Certificates.assess("ours.example", chain, side: .sender).isProven)
    }
}
