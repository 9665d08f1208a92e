import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

/// What POSH says of a peer by what its domain publishes, and what we publish.
@Suite struct POSHProoftypeTests {
    typealias Material = PublishedKeyMaterial

    private static let now = Certificates.now
    private static let url = "https://a.example/.well-known/posh/xmpp-server.json"

    private static func chain(
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> [PeerCertificate] {
        try Certificates.chain([.dns("hosting.example.net")], change)
    }

    private static func assess(
        _ chain: [PeerCertificate], _ content: PublishedKeys.Content?, acceptsSHA1: Bool = true,
        service: ClaimedService = .server, expires: Int64? = now + 60, side: DomainClaim.Side = .target
    ) throws -> Assessment {
        let theirs = try DomainName("a.example")
        let ours = try DomainName("ours.example")
        let pair = side == .target ? DomainPair(sender: ours, target: theirs) : DomainPair(sender: theirs, target: ours)
        let claim = DomainClaim(pair: pair, side: side, certificates: chain, moment: now, service: service)
        var evidence = Evidence()
        if let content { evidence.add(PublishedKeys(content, urls: [url], expires: expires), of: theirs) }
        return POSHProoftype(acceptsSHA1: acceptsSHA1).assess(claim, with: evidence)
    }

    private static func fingerprints(_ descriptors: [Material.HashAlgorithm: [UInt8]]...) -> PublishedKeys.Content {
        .material(Material(.fingerprints(descriptors.map { Material.Descriptor($0) }), lifetime: 60))
    }

    private static func published(
        _ form: POSHPublication.Form, _ certificates: [PeerCertificate]
    ) throws -> Material {
        let text = try POSHPublication.document(form, of: certificates, expires: 3600)
        guard case .keys(let material) = try POSHDocument(Array(text.utf8)) else { throw POSHDocumentFault.notAnObject }
        return material
    }

    private static func changed(
        _ chain: [PeerCertificate], _ change: (inout Material.WebKey) -> Void
    ) throws -> PublishedKeys.Content {
        guard case .webKeys(var keys) = try published(.draft, [chain[0]]).form else { return .none(reason: "") }
        change(&keys[0])
        return .material(Material(.webKeys(keys), lifetime: nil))
    }

    @Test(arguments: [DomainClaim.Side.sender, .target])
    func `PO-07: a published certificate proves the domain that it does not name`(side: DomainClaim.Side) throws {
        let chain = try Self.chain()
        let content = Self.fingerprints([.sha256: Digest.sha256(chain[0].der)])
        guard case .proven(let proof) = try Self.assess([chain[0]], content, side: side) else {
            Issue.record("it proves nothing")
            return
        }
        #expect(proof.expires == Self.now + 60)
        #expect(proof.hasSecureDelegation)
        #expect(proof.findings.contains(.init(name: "url", value: Self.url)))
        #expect(!proof.findings.contains { $0.name == "weak" })
    }

    @Test func `PO-07: an expired certificate, or its authority's fingerprint, proves nothing`() throws {
        let expired = try Self.chain { $0.notAfter = Self.now - 1 }
        let content = Self.fingerprints([.sha256: Digest.sha256(expired[0].der)])
        #expect(try Self.assess(expired, content).reason.contains("validity"))
        let root = try Certificates.authority().issued.chain[0]
        let chain = try Self.chain() + [root]
        #expect(try !Self.assess(chain, Self.fingerprints([.sha256: Digest.sha256(root.der)])).isProven)
        #expect(try !Self.assess([], Self.fingerprints([.sha256: [1]])).isProven)
    }

    @Test func `PO-04: the strongest fingerprint decides`() throws {
        let chain = try Self.chain()
        let sha256 = Digest.sha256(chain[0].der)
        let sha384 = Digest.sha384(chain[0].der)
        let sha512 = Digest.sha512(chain[0].der)
        #expect(try Self.assess(chain, Self.fingerprints([.sha256: sha256, .sha512: sha512])).isProven)
        #expect(try Self.assess(chain, Self.fingerprints([.sha384: sha384])).isProven)
        #expect(try Self.assess(chain, Self.fingerprints([.sha256: [1], .sha512: sha512])).isProven)
        let disagreeing = try Self.assess(chain, Self.fingerprints([.sha256: sha256, .sha512: [1]]))
        #expect(disagreeing.reason.contains("sha-256 matches, but sha-512 beside it does not"))
    }

    @Test func `PO-06: any descriptor is enough`() throws {
        let chain = try Self.chain()
        let content = Self.fingerprints([.sha256: [1]], [.sha256: Digest.sha256(chain[0].der)])
        #expect(try Self.assess(chain, content).isProven)
    }

    @Test(arguments: [
        PublishedKeys.Content.none(reason: "status 404"), .invalid(reason: "it is not JSON"),
        .refused(reason: "a chain of references"),
        .material(PublishedKeyMaterial(.fingerprints([.init([.sha256: [1]])]), lifetime: 60)),
    ])
    func `PO-21: without a match other prooftypes have the word`(content: PublishedKeys.Content) throws {
        guard case .inconclusive = try Self.assess(try Self.chain(), content) else {
            Issue.record("it decides")
            return
        }
    }

    @Test func `PO-18: a document that has expired proves nothing`() throws {
        let chain = try Self.chain()
        let content = Self.fingerprints([.sha256: Digest.sha256(chain[0].der)])
        #expect(try !Self.assess(chain, content, expires: Self.now).isProven)
    }

    @Test func `CC-04: the server's document says nothing of the client service`() throws {
        let chain = try Self.chain()
        let content = Self.fingerprints([.sha256: Digest.sha256(chain[0].der)])
        let domain = try DomainName("a.example")
        #expect(
            try Self.assess(chain, content, service: .client) == .needs([.publishedKeys(of: domain, for: .client)]))
        #expect(POSHPath.rfc7711.path(for: .client) == "/.well-known/posh/xmpp-client.json")
        #expect(POSHPath.draft.path(for: .client) == "/.well-known/posh._xmpp-client._tcp.json")
    }

    @Test func `PO-13: x5t counts where it may and is reported as weak, x5t#S256 goes before it`() throws {
        let chain = try Self.chain()
        let weak = try Self.changed(chain) { $0.thumbprints[.sha256] = nil }
        guard case .proven(let proof) = try Self.assess(chain, weak) else {
            Issue.record("it proves nothing")
            return
        }
        #expect(proof.findings.contains { $0.name == "weak" })
        #expect(try Self.assess(chain, weak, acceptsSHA1: false).reason.contains("posh_sha1"))
        let full = try Self.changed(chain) { _ in }
        guard case .proven(let strong) = try Self.assess(chain, full, acceptsSHA1: false) else {
            Issue.record("it proves nothing")
            return
        }
        #expect(!strong.findings.contains { $0.name == "weak" })
        let wrong = try Self.changed(chain) { $0.thumbprints[.sha256] = [UInt8](repeating: 0, count: 32) }
        #expect(try Self.assess(chain, wrong).reason.contains("x5t#S256"))
    }

    @Test func `PO-14: a thumbprint beside another key proves nothing`() throws {
        let chain = try Self.chain()
        for other: Material.PublicKey in [
            .rsa(modulus: [1], exponent: [1, 0, 1]), .ellipticCurve(curve: "P-256", x: [1], y: [2]),
            .octetKeyPair(curve: "Ed25519", x: [1]),
        ] {
            let content = try Self.changed(chain) { $0.publicKey = other }
            #expect(try Self.assess(chain, content).reason.contains("another than the certificate's"))
        }
    }

    @Test func `PO-15: the first of x5c has to be the certificate, and the last is no anchor`() throws {
        let chain = try Self.chain()
        let root = try Certificates.authority().issued.chain[0]
        let right = try Self.changed(chain) { $0.certificates = [chain[0].der, root.der] }
        #expect(try Self.assess(chain, right).isProven)
        let wrong = try Self.changed(chain) { $0.certificates = [root.der] }
        #expect(try Self.assess(chain, wrong).reason.contains("x5c"))
        let other = try Self.chain()
        #expect(try !Self.assess(other, right).isProven)
    }

    @Test(arguments: POSHPublication.Form.allCases)
    func `PO-23: what is published for a roll-over proves both certificates`(form: POSHPublication.Form) throws {
        let current = try Self.chain { $0.key = .rsa(2048) }[0]
        let next = try Self.chain { $0.key = .ellipticCurve("P-384") }[0]
        let material = try Self.published(form, [next, current, next])
        #expect(material.remarks.isEmpty)
        #expect(material.lifetime == 3600)
        for certificate in [current, next] {
            #expect(try Self.assess([certificate], .material(material), acceptsSHA1: false).isProven)
        }
        #expect(try !Self.assess(try Self.chain(), .material(material)).isProven)
        let text = try POSHPublication.document(form, of: [next], expires: 3600)
        for member in ["\"d\"", "\"p\"", "\"q\"", "\"k\""] { #expect(!text.contains(member)) }
    }

    @Test func `PO-23: what others would refuse is not published`() throws {
        let certificate = try Self.chain()[0]
        #expect(throws: POSHPublicationFault.badExpiry) {
            try POSHPublication.document(.rfc7711, of: [certificate], expires: 0)
        }
        #expect(throws: POSHPublicationFault.noCertificate) {
            try POSHPublication.document(.draft, of: [], expires: 60)
        }
        #expect(throws: POSHPublicationFault.badURL("http://b.example/")) {
            try POSHPublication.reference(to: "http://b.example/", expires: 60)
        }
        let text = try POSHPublication.reference(to: "https://b.example/x", expires: 60)
        let expected = try #require(HTTPSAddress("https://b.example/x"))
        #expect(try POSHDocument(Array(text.utf8)) == .reference(expected, lifetime: 60))
    }

    @Test func `PO-23: TLSA records are written as a zone has them`() throws {
        let certificate = try Self.chain()[0]
        let lines = TLSAPublication.lines(for: [certificate, certificate], host: "host.example", port: 5269)
        let digest = certificate.subjectPublicKeyInfoSHA256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        #expect(lines == ["_5269._tcp.host.example. IN TLSA 3 1 1 \(digest.joined())"])
        #expect(TLSAPublication.record(for: certificate, usage: 4) == nil)
        #expect(TLSAPublication.record(for: certificate, selector: 2) == nil)
        #expect(TLSAPublication.record(for: certificate, matching: 3) == nil)
        #expect(TLSAPublication.record(for: certificate, selector: 0, matching: 0)?.data == certificate.der)
        #expect(TLSAPublication.record(for: certificate, matching: 2)?.data.count == 64)
    }
}
