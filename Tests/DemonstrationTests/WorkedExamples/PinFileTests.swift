import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

@Suite("The worked example of a prooftype")
struct PinFileTests {
    private static let key = [UInt8](repeating: 7, count: 32)
    private static let text =
        "# told by phone\na.example \(Base64.encode(key))\n\na.example\t\(Base64.encode(Digest.sha256([])))\r\n"

    private static func kind(_ text: String = text) throws(ProoftypeSettingFault) -> PinFileKind {
        try PinFileKind(ProoftypeValues(["file": .file(path: "pins.txt", content: Array(text.utf8))]))
    }

    @Test(
        arguments: [
            (key, "a.example", ProofVerdict.Result.proven),
            (Digest.sha256([]), "a.example", .proven),
            ([UInt8](repeating: 6, count: 32), "a.example", .refuted),
            (nil, "a.example", .inconclusive),
            (key, "other.example", .inconclusive),
        ] as [([UInt8]?, String, ProofVerdict.Result)])
    func `PT-01: a key in the file proves, and another one refutes`(
        key: [UInt8]?, sender: String, result: ProofVerdict.Result
    ) throws {
        let certificates = key.map { [PeerCertificate(der: [], sha256: [1], subjectPublicKeyInfoSHA256: $0)] } ?? []
        let claim = DomainClaim(
            pair: DomainPair(sender: try DomainName(sender), target: try DomainName("b.example")), side: .sender,
            certificates: certificates, moment: 0)
        let settings = ProoftypeSettings(trustStore: try TrustStore(authorities: []))
        let policy = FederationPolicy(prooftypes: [try Self.kind().prooftype(under: settings)])
        var proofCase = ProofCase(claim, under: policy)

        guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else {
            Issue.record("no conclusion, although nothing is to be looked up")
            return
        }
        #expect(conclusion.verdicts.map(\.result) == [result])
        #expect(conclusion.verdicts.map(\.prooftype) == ["pin-file"])
    }

    @Test(arguments: [
        "a.example", "a.example AAAA", "a..example \(Base64.encode(key))", "a.example \(Base64.encode(key)) more",
        "a.example \u{FFFD}", "\u{0}",
    ])
    func `a line that is no pin is a fault, and never passed over`(line: String) {
        #expect(
            throws: ProoftypeSettingFault(
                "file", "pins.txt, line 2, is no domain with a pin",
                mend: "write a domain, a space, and the 44 characters of its pin")
        ) {
            try Self.kind("# pins\n" + line)
        }
    }

    @Test func `without the file there is no prooftype`() {
        #expect(throws: ProoftypeSettingFault("file", "is missing", mend: "name the file with the pins")) {
            try PinFileKind(ProoftypeValues())
        }
    }
}
