import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

@Suite("DANE")
struct DANEProoftypeTests {
    // MARK: - Servers that we dialled

    @Test func `DA-01: where the service records are not secure, TLSA records prove and refute nothing`() throws {
        let chain = try TLSAFixtures.selfSigned()
        for record in [TLSAFixtures.record(3, 1, 1, of: chain[0]), TLSAFixtures.wrong(3, 1, 1)] {
            let dialled = try TLSAFixtures.dialled(chain, .records([record]), isSecure: false)
            #expect(dialled.isInconclusive && dialled.reason.contains("is not secure"))
            let host = (TLSAFixtures.host, TLSAAnswer.Content?.some(.records([record])))
            #expect(try TLSAFixtures.dialling(chain, [host], isSecure: false).isInconclusive)
        }
    }

    @Test func `DN-15: where the configuration led to the server, no record is asked for`() throws {
        let claim = try TLSAFixtures.claim(TLSAFixtures.selfSigned(), side: .target)
        #expect(try TLSAFixtures.prooftype().assess(claim, with: Evidence()).isInconclusive)
    }

    @Test func `DA-07: no records are as good as none, and what nobody knows is not`() throws {
        let chain = try TLSAFixtures.selfSigned()
        #expect(try TLSAFixtures.dialled(chain, .absent).isInconclusive)
        guard case .unavailable(let reason) = try TLSAFixtures.dialled(chain, .unknown) else {
            Issue.record("not unavailable")
            return
        }
        #expect(reason.contains("_5269._tcp.host.provider.example"))
    }

    @Test func `DA-04: records that were not asked for before connecting are asked for now`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let delegation = Delegation(to: TLSAFixtures.host, port: 5270, isSecure: true, detail: "signed")
        let claim = try TLSAFixtures.claim(chain, side: .target, delegation: delegation)
        let prooftype = try TLSAFixtures.prooftype()
        #expect(
            prooftype.assess(claim, with: Evidence())
                == .needs([.tlsaRecords(host: TLSAFixtures.host, port: 5270)]))
        var evidence = Evidence()
        evidence.add(
            TLSAFixtures.answer(.records([TLSAFixtures.record(3, 1, 1, of: chain[0])]), port: 5270),
            host: TLSAFixtures.host, port: 5270)
        let proof = try #require(prooftype.assess(claim, with: evidence).proof)
        #expect(proof.value("owner") == "_5270._tcp.host.provider.example")
    }

    @Test func `DA-08: a certificate that matches no usable record is refuted, whatever authority signed it`() throws {
        let chain = try Certificates.chain([.dns("a.example"), .dns(TLSAFixtures.host)])
        let assessment = try TLSAFixtures.dialled(
            chain, TLSAFixtures.wrong(3, 1, 1), TLSAFixtures.wrong(2, 0, 1), TLSAFixtures.wrong(1, 1, 1))
        #expect(assessment.isRefuted)
        #expect(assessment.reason.contains("matches none of the 3 usable TLSA records at _5269._tcp.host.provider"))
        let lenient = try TLSAFixtures.prooftype(isBinding: false)
        #expect(
            try TLSAFixtures.dialled(chain, .records([TLSAFixtures.wrong(3, 1, 1)]), by: lenient).isInconclusive)
    }

    @Test func `DA-11, DA-12: usage 3 names the leaf, and neither name nor date nor issuer counts`() throws {
        let past = Certificates.now - 1
        for chain in [
            try TLSAFixtures.selfSigned(), try TLSAFixtures.selfSigned { $0.notAfter = past },
            try Certificates.chain([.dns("unrelated.example")]) { $0.notAfter = past },
        ] {
            for selector: UInt8 in [0, 1] {
                for matching: UInt8 in [0, 1, 2] {
                    let record = TLSAFixtures.record(3, selector, matching, of: chain[0])
                    let proof = try #require(try TLSAFixtures.dialled(chain, record).proof)
                    // What ends it is the answer, not the certificate.
                    #expect(proof.expires == TLSAFixtures.end)
                }
            }
        }
    }

    @Test func `DA-11: usage 3 does not name the issuer, nor usage 2 the leaf`() throws {
        let authority = try Certificates.authority()
        let chain = try Certificates.chain([.dns("a.example")]) + [authority.issued.certificate]
        #expect(try TLSAFixtures.dialled(chain, TLSAFixtures.record(3, 1, 1, of: chain[1])).isRefuted)
        #expect(try TLSAFixtures.dialled(chain, TLSAFixtures.record(2, 1, 1, of: chain[0])).isRefuted)
    }

    /// Names of a leaf below a private authority, and whether usage 2 accepts it.
    private static let anchoredNames: [(CertificateTemplate.Name, Bool)] = [
        (.dns("host.provider.example"), true), (.dns("a.example"), true), (.srv("_xmpp-server.a.example"), true),
        (.xmppAddress("a.example"), true), (.dns("other.example"), false),
        (.srv("_xmpp-server.host.provider.example"), false), (.dns("*.provider.example"), true),
    ]

    private static let privateAuthority = Result {
        try CertificateAuthority.root(Certificates.template("Private Root") { $0.isAuthority = true })
    }

    @Test(arguments: anchoredNames)
    func `DA-13: usage 2 makes its authority the anchor, for the host and for the domain`(
        name: CertificateTemplate.Name, isProven: Bool
    ) throws {
        let root = try Self.privateAuthority.get()
        let chain = try root.issue(Certificates.template("leaf", [name])).chain + [root.issued.certificate]
        for selector: UInt8 in [0, 1] {
            let record = TLSAFixtures.record(2, selector, 1, of: root.issued.certificate)
            let assessment = try TLSAFixtures.dialled(chain, record)
            #expect(isProven ? assessment.isProven : assessment.isRefuted, "\(assessment)")
            if !isProven { #expect(assessment.reason.contains("matches, but the certificate names")) }
        }
    }

    @Test func `DA-13: under usage 2 dates count, and the authority has to be there and to have signed`() throws {
        let root = try Self.privateAuthority.get()
        let anchor = root.issued.certificate
        let record = TLSAFixtures.record(2, 0, 1, of: anchor)
        let leaf = try root.issue(Certificates.template("leaf", [.dns("a.example")])).chain
        #expect(try TLSAFixtures.dialled(leaf, record).isRefuted)
        // The whole certificate in DNS need not come in the handshake.
        #expect(try TLSAFixtures.dialled(leaf, TLSAFixtures.record(2, 0, 0, of: anchor)).isProven)
        let expired = try root.issue(
            Certificates.template("leaf", [.dns("a.example")]) { $0.notAfter = Certificates.now - 1 })
        let late = try TLSAFixtures.dialled(expired.chain + [anchor], record)
        #expect(late.isRefuted && late.reason.contains("expired"))
        let foreign = try Certificates.chain([.dns("a.example")]) + [anchor]
        #expect(try TLSAFixtures.dialled(foreign, record).isRefuted)
        let proof = try #require(try TLSAFixtures.dialled(leaf + [anchor], record).proof)
        #expect(proof.expires == TLSAFixtures.end)
    }

    @Test func `DA-13: usage 2 may name an intermediate, which is then the anchor`() throws {
        let middle = try Self.privateAuthority.get().subordinate(
            Certificates.template("Middle") { $0.isAuthority = true })
        let chain = try middle.issue(Certificates.template("leaf", [.dns("a.example")])).chain
        let record = TLSAFixtures.record(2, 1, 2, of: middle.issued.certificate)
        let proof = try #require(try TLSAFixtures.dialled(chain, record).proof)
        #expect(proof.value("matched") == "TLSA 2 1 2 at _5269._tcp.host.provider.example")
        #expect(proof.value("name") == "DNS-ID a.example")
    }

    @Test func `DA-14: usage 1 asks for the key and for PKIX`() throws {
        let good = try Certificates.chain([.dns("a.example")])
        #expect(try TLSAFixtures.dialled(good, TLSAFixtures.record(1, 1, 1, of: good[0])).isProven)
        let own = try TLSAFixtures.selfSigned([.dns("a.example")])
        let unknown = try TLSAFixtures.dialled(own, TLSAFixtures.record(1, 1, 1, of: own[0]))
        #expect(unknown.isRefuted && unknown.reason.contains("1 1 1 matches, but certificate is self-signed"))
        let other = try Certificates.chain([.dns("other.example")])
        #expect(try TLSAFixtures.dialled(other, TLSAFixtures.record(1, 1, 1, of: other[0])).isRefuted)
        #expect(try TLSAFixtures.dialled(good, TLSAFixtures.wrong(1, 1, 1)).isRefuted)
    }

    @Test func `DA-14: usage 0 finds its authority past an intermediate that is an anchor itself`() throws {
        let root = try Certificates.authority()
        let middle = try root.subordinate(Certificates.template("Middle") { $0.isAuthority = true })
        let chain = try middle.issue(Certificates.template("leaf", [.dns("a.example")])).chain
        let store = try TrustStore(authorities: [
            .certificate(middle.issued.certificate), .certificate(root.issued.certificate),
        ])
        let prooftype = DANEProoftype(trustStore: store)
        for authority in [root, middle] {
            let record = TLSAFixtures.record(0, 0, 1, of: authority.issued.certificate)
            #expect(try TLSAFixtures.dialled(chain, .records([record]), by: prooftype).isProven)
        }
        let leaf = TLSAFixtures.record(0, 0, 1, of: chain[0])
        #expect(try TLSAFixtures.dialled(chain, .records([leaf]), by: prooftype).isRefuted)
        let own = try Self.privateAuthority.get()
        let foreign = try own.issue(Certificates.template("leaf", [.dns("a.example")])).chain
        let untrusted = try TLSAFixtures.dialled(
            foreign + [own.issued.certificate], TLSAFixtures.record(0, 0, 1, of: own.issued.certificate))
        #expect(untrusted.isRefuted && untrusted.reason.contains("names an authority in the chain, but"))
    }

    @Test func `DA-17: one match of several is enough, so that keys can roll over`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let other = try TLSAFixtures.selfSigned()
        let records = [chain, other].map { TLSAFixtures.record(3, 1, 1, of: $0[0]) }
        for presented in [chain, other] {
            #expect(try TLSAFixtures.dialled(presented, .records(records)).isProven)
        }
    }

    @Test func `DA-18: the name at the end of the aliases is a name of the server too`() throws {
        let root = try Self.privateAuthority.get()
        let record = TLSAFixtures.record(2, 0, 1, of: root.issued.certificate)
        for (name, isProven) in [("expanded.example", true), (TLSAFixtures.host, true), ("other.example", false)] {
            let leaf = try root.issue(Certificates.template("leaf", [.dns(name)])).chain
            let assessment = try TLSAFixtures.dialled(
                leaf + [root.issued.certificate], .records([record]), base: "expanded.example")
            #expect(assessment.isProven == isProven)
        }
    }

    @Test func `PT-01: a proof names record, owner and DNSSEC status`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let proof = try #require(try TLSAFixtures.dialled(chain, TLSAFixtures.record(3, 0, 1, of: chain[0])).proof)
        #expect(proof.findings.map(\.name) == ["matched", "owner", "record", "dnssec", "subject", "sha256"])
        #expect(proof.value("record") == "3 0 1 \(chain[0].sha256Text)")
        #expect(proof.value("dnssec") == "signed by key 4711")
        #expect(proof.hasSecureDelegation)
    }

    // MARK: - Servers that dialled us

    @Test func `DA-21: service records are asked for, then the TLSA records of every endpoint together`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let claim = try TLSAFixtures.claim(chain, side: .sender)
        #expect(
            try TLSAFixtures.prooftype().assess(claim, with: Evidence())
                == .needs([.serviceRecords(of: claim.claimedDomain)]))
        #expect(
            try TLSAFixtures.dialling(chain, [("one.example", nil), ("two.example", nil), ("one.example", nil)])
                == .needs([
                    .tlsaRecords(host: "one.example", port: 5269), .tlsaRecords(host: "two.example", port: 5269),
                ]))
        let withoutCertificate = try TLSAFixtures.claim([], side: .sender)
        #expect(try TLSAFixtures.prooftype().assess(withoutCertificate, with: Evidence()).isInconclusive)
    }

    @Test func `DA-21: the key of any endpoint proves, and one that is no endpoint's is refuted`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let right = TLSAAnswer.Content.records([TLSAFixtures.record(3, 1, 1, of: chain[0])])
        let wrong = TLSAAnswer.Content.records([TLSAFixtures.wrong(3, 1, 1)])
        let table: [([TLSAAnswer.Content?], String)] = [
            ([right], "proven"), ([wrong, right], "proven"), ([.absent, right], "proven"),
            ([.unknown, right], "proven"),
            ([nil, right], "proven"), ([wrong], "refuted"), ([wrong, .absent], "refuted"),
            ([wrong, .unknown], "unavailable"), ([.unknown], "unavailable"), ([.absent, .unknown], "unavailable"),
            ([.absent], "inconclusive"), ([.absent, .absent], "inconclusive"), ([], "inconclusive"),
            ([nil, wrong], "needs"),
        ]
        for (contents, expected) in table {
            let endpoints = contents.enumerated().map { (host: "host\($0.offset).example", content: $0.element) }
            let assessment = try TLSAFixtures.dialling(chain, endpoints)
            #expect("\(assessment)".hasPrefix(expected), "\(contents): \(assessment)")
        }
    }

    @Test func `DA-21: what nobody knows of the service records is not taken for none`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let assessment = try TLSAFixtures.dialling(chain, [], isSecure: false, isUnknown: true)
        guard case .unavailable = assessment else {
            Issue.record("\(assessment)")
            return
        }
    }

    @Test func `DO-06: a domain with very many endpoints costs no more than eight lookups`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let endpoints = (0..<32).map { (host: "host\($0).example", content: nil as TLSAAnswer.Content?) }
        guard case .needs(let requests) = try TLSAFixtures.dialling(chain, endpoints) else {
            Issue.record("needs nothing")
            return
        }
        #expect(requests.count == DANEProoftype.mostEndpoints)
    }

    @Test func `DA-21, DO-06: a key that may be an endpoint's that was passed over is not called false`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let wrong = TLSAAnswer.Content.records([TLSAFixtures.wrong(3, 1, 1)])
        for (count, expected) in [(DANEProoftype.mostEndpoints, "refuted"), (9, "unavailable"), (32, "unavailable")] {
            let endpoints = (0..<count).map { (host: "host\($0).example", content: Optional(wrong)) }
            let assessment = try TLSAFixtures.dialling(chain, endpoints)
            #expect("\(assessment)".hasPrefix(expected))
            #expect("\(assessment)".contains("\(count - 8) further servers") == (count > 8))
        }
    }
}
