import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

@Suite("What DANE asks of a path, and when it ends")
struct DANEPathTests {
    private static let root = Result {
        try CertificateAuthority.root(Certificates.template("Private Root") { $0.isAuthority = true })
    }

    @Test func `DA-13, CM-15: under usage 2 no name slips past the constraints of an authority on the path`() throws {
        let root = try Self.root.get()
        let middle = try root.subordinate(
            Certificates.template("Constrained") {
                $0.isAuthority = true
                $0.permittedNames = [.dns("other.example")]
            })
        let record = TLSAFixtures.record(2, 0, 1, of: root.issued.certificate)
        for name in [CertificateTemplate.Name.srv("_xmpp-server.a.example"), .xmppAddress("a.example")] {
            for (authority, isProven) in [(middle, false), (root, true)] {
                let chain = try authority.issue(Certificates.template("leaf", [name])).chain
                let assessment = try TLSAFixtures.dialled(chain + [root.issued.certificate], record)
                #expect(assessment.isProven == isProven, "\(assessment)")
            }
        }
    }

    @Test(arguments: [1, 2] as [UInt8])
    func `DA-13, DA-14, CM-20: a certificate for clients alone is no server's, and that of a server that dials`(
        usage: UInt8
    ) throws {
        let authority = try usage == 1 ? Certificates.authority() : Self.root.get()
        let template = Certificates.template("leaf", [.dns("a.example")]) {
            $0.extendedKeyUsage = .only([.clientAuthentication])
        }
        let chain = try authority.issue(template).chain + [authority.issued.certificate]
        let named = usage == 1 ? chain[0] : authority.issued.certificate
        let record = TLSAFixtures.record(usage, 0, 1, of: named)
        #expect(try TLSAFixtures.dialled(chain, record).isRefuted)
        #expect(try TLSAFixtures.dialling(chain, [(TLSAFixtures.host, .records([record]))]).isProven)
    }

    @Test func `DA-13, PT-06: a proof under usage 2 ends with the path where that is sooner than the answer`() throws {
        let root = try Self.root.get()
        let soon = Certificates.now + 60
        let chain = try root.issue(Certificates.template("leaf", [.dns("a.example")]) { $0.notAfter = soon }).chain
        let record = TLSAFixtures.record(2, 0, 1, of: root.issued.certificate)
        let proof = try #require(try TLSAFixtures.dialled(chain + [root.issued.certificate], record).proof)
        #expect(proof.expires == soon)
    }

    @Test func `DA-21, PT-06: the proof of a server that dialled us ends with the service records, too`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let claim = try TLSAFixtures.claim(chain, side: .sender)
        var evidence = Evidence()
        evidence.add(
            Evidence.ServiceRecords(
                records: [ServiceRecord(priority: 0, weight: 0, port: 5269, target: TLSAFixtures.host)],
                isSecure: true, expires: Certificates.now + 30), of: claim.claimedDomain)
        evidence.add(
            TLSAFixtures.answer(.records([TLSAFixtures.record(3, 1, 1, of: chain[0])])), host: TLSAFixtures.host,
            port: 5269)
        let proof = try #require(try TLSAFixtures.prooftype().assess(claim, with: evidence).proof)
        #expect(proof.expires == Certificates.now + 30)
    }

    @Test(arguments: [ClaimedService.server, .client])
    func `DA-13, CC-03: under usage 2 a name for one service does not stand for another`(
        service: ClaimedService
    ) throws {
        let root = try Self.root.get()
        let record = TLSAFixtures.record(2, 0, 1, of: root.issued.certificate)
        for named in [ClaimedService.server, .client] {
            let leaf = Certificates.template("leaf", [.srv("_\(named.rawValue).a.example")])
            let delegation = Delegation(
                to: TLSAFixtures.host, isSecure: true, detail: "signed", tlsa: TLSAFixtures.answer(.records([record])))
            let server = try TLSAFixtures.claim([], side: .target)
            let claim = DomainClaim(
                pair: server.pair, side: .target, certificates: try root.issue(leaf).chain + [root.issued.certificate],
                moment: Certificates.now, delegation: delegation, service: service)
            #expect(try TLSAFixtures.prooftype().assess(claim, with: Evidence()).isProven == (named == service))
        }
    }

    @Test func `DA-11: a certificate that signed itself is no authority for itself`() throws {
        let own = try TLSAFixtures.selfSigned([.dns("a.example")])
        for selector: UInt8 in [0, 1] {
            #expect(try TLSAFixtures.dialled(own, TLSAFixtures.record(2, selector, 1, of: own[0])).isRefuted)
        }
    }

    @Test func `DA-10: a digest that the policy does not accept makes a record unusable`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let prooftype = DANEProoftype(trustStore: try TrustStore(authorities: []), digests: [1])
        let right = TLSAAnswer.Content.records([TLSAFixtures.record(3, 1, 2, of: chain[0])])
        let assessment = try TLSAFixtures.dialled(chain, right, by: prooftype)
        #expect(assessment.isInconclusive && assessment.reason.contains("matching type 2 is not accepted"))
    }

    @Test func `DO-06: sixty-four records of one endpoint are compared, and no more`() throws {
        let chain = try TLSAFixtures.selfSigned()
        for (others, isProven) in [(63, true), (64, false)] {
            let wrong = (0..<others).map { number in
                TLSARecord(usage: 3, selector: 1, matching: 1, data: [UInt8](repeating: UInt8(number), count: 32))
            }
            let records = TLSAAnswer.Content.records(wrong + [TLSAFixtures.record(3, 1, 1, of: chain[0])])
            #expect(try TLSAFixtures.dialled(chain, records).isProven == isProven)
        }
    }
}

@Suite("How a change of keys stands in DNS")
struct TLSAStateTests {
    @Test func `DA-17: records are told apart by what is presented`() throws {
        let root = try Certificates.authority()
        let chain = try Certificates.chain([.dns("a.example")]) + [root.issued.certificate]
        let state = TLSAState(
            [
                TLSAFixtures.record(3, 1, 1, of: chain[0]), TLSAFixtures.record(2, 0, 1, of: root.issued.certificate),
                // Each of them names something that is presented, in a place of which it does not speak.
                TLSAFixtures.record(3, 0, 1, of: root.issued.certificate), TLSAFixtures.record(2, 1, 1, of: chain[0]),
                TLSARecord(usage: 9, selector: 9, matching: 9, data: [9]),
            ], presenting: chain)
        #expect(state.matching.map { String($0.prefix(5)) } == ["3 1 1", "2 0 1"])
        #expect(state.others.map { String($0.prefix(5)) } == ["3 0 1", "2 1 1"])
        #expect(state.unusable == ["9 9 9: usage 9 is unknown"])
    }

    @Test func `PO-23, DA-15: a record that is published names its certificate and no other`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let other = try TLSAFixtures.selfSigned()
        for selector: UInt8 in [0, 1] {
            for matching: UInt8 in [0, 1, 2] {
                let record = try #require(
                    TLSAPublication.record(for: chain[0], selector: selector, matching: matching))
                #expect(try TLSAFixtures.dialled(chain, record).isProven)
                #expect(try TLSAFixtures.dialled(other, record).isRefuted)
            }
        }
    }
}
