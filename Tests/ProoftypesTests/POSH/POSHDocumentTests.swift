import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity

/// What documents say, and which are refused.
@Suite struct POSHDocumentTests {
    private static let sha1 = Base64.encodeURLSafe([UInt8](repeating: 1, count: 20))
    private static let sha256 = Base64.encode([UInt8](repeating: 2, count: 32))
    private static let sha512 = Base64.encode([UInt8](repeating: 3, count: 64))

    static func fault(_ text: String) -> POSHDocumentFault? { fault(Array(text.utf8)) }

    static func fault(_ octets: [UInt8]) -> POSHDocumentFault? {
        do throws(POSHDocumentFault) {
            _ = try POSHDocument(octets)
            return nil
        } catch { return error }
    }

    static func material(_ text: String) throws -> PublishedKeyMaterial? {
        guard case .keys(let material) = try POSHDocument(Array(text.utf8)) else { return nil }
        return material
    }

    @Test func `PO-03: a document of fingerprints is read`() throws {
        let text = """
            {"fingerprints": [{"sha-256": "\(Self.sha256)", "sha-512": "\(Self.sha512)"}], "expires": 604800}
            """
        let material = try #require(try Self.material(text))
        let digests: [PublishedKeyMaterial.HashAlgorithm: [UInt8]] = [
            .sha256: [UInt8](repeating: 2, count: 32), .sha512: [UInt8](repeating: 3, count: 64),
        ]
        #expect(material.form == .fingerprints([.init(digests)]))
        #expect(material.lifetime == POSHDocument.longestLifetime)
        #expect(material.remarks.isEmpty)
    }

    @Test(arguments: [
        (#"{"fingerprints": [], "expires": 60}"#, POSHDocumentFault.emptyList("fingerprints")),
        (#"{"fingerprints": ["x"], "expires": 60}"#, .notAListOfObjects("fingerprints")),
        (#"{"fingerprints": {"sha-256": "x"}, "expires": 60}"#, .notAListOfObjects("fingerprints")),
        (#"{"fingerprints": [{}]}"#, .missingExpiry),
        (#"{"url": "https://b.example/", "fingerprints": [], "expires": 60}"#, .referenceWithKeys),
        (#"{"url": "https://b.example/", "keys": [], "expires": 60}"#, .referenceWithKeys),
        (#"{"expires": 60}"#, .neitherReferenceNorKeys), (#"{}"#, .neitherReferenceNorKeys),
        (#"{"keys": []}"#, .emptyList("keys")), (#"{"keys": [1]}"#, .notAListOfObjects("keys")),
    ])
    func `PO-03, PO-11, PO-12: a document of no form is refused`(text: String, expected: POSHDocumentFault) {
        #expect(Self.fault(text) == expected)
    }

    @Test(arguments: [
        ("0", POSHDocumentFault.withdrawn), ("-1", .badExpiry), ("1.5", .badExpiry), ("60.0", .badExpiry),
        ("6e1", .badExpiry), (#""60""#, .badExpiry), ("null", .badExpiry), ("true", .badExpiry),
        ("-99999999999999999999", .badExpiry),
    ])
    func `PO-17: expires is a whole number of seconds, and zero withdraws`(text: String, expected: POSHDocumentFault) {
        #expect(Self.fault(#"{"fingerprints": [{}], "expires": \#(text)}"#) == expected)
        #expect(Self.fault(#"{"url": "https://b.example/", "expires": \#(text)}"#) == expected)
        #expect(Self.fault(#"{"keys": [{}], "expires": \#(text)}"#) == expected)
    }

    @Test(arguments: ["1000000000000", "99999999999999999999999999"])
    func `PO-17: an endless lifetime is cut`(text: String) throws {
        let document = #"{"fingerprints": [{"sha-256": "\#(Self.sha256)"}], "expires": \#(text)}"#
        #expect(try Self.material(document)?.lifetime == POSHDocument.longestLifetime)
    }

    @Test(arguments: [
        #"{"md5": "AAAAAAAAAAAAAAAAAAAAAA=="}"#, #"{"sha-1": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#,
        #"{"sha-256": "AA=="}"#, #"{"sha-256": 7}"#, #"{"sha-256": ""}"#,
        #"{"sha-256": "-_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#,
        #"{"sha-256": " AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="}"#,
    ])
    func `PO-04, PO-05: a fingerprint that cannot be used is passed over with a remark`(descriptor: String) throws {
        guard case .nothingUsable(let remarks, _) = Self.fault(#"{"fingerprints": [\#(descriptor)], "expires": 60}"#)
        else {
            Issue.record("it was used")
            return
        }
        #expect(!remarks.isEmpty)
        let beside = #"{"fingerprints": [\#(descriptor), {"sha-256": "\#(Self.sha256)"}], "expires": 60}"#
        let material = try #require(try Self.material(beside))
        #expect(material.form == .fingerprints([.init([.sha256: [UInt8](repeating: 2, count: 32)])]))
        #expect(material.remarks == remarks)
    }

    @Test func `PO-05: base64 may lack its padding`() throws {
        let bare = Self.sha256.filter { $0 != "=" }
        #expect(bare.utf8.count == 43)
        let text = #"{"fingerprints": [{"sha-256": "\#(bare)"}], "expires": 60}"#
        #expect(
            try Self.material(text)?.form == .fingerprints([.init([.sha256: [UInt8](repeating: 2, count: 32)])]))
    }

    @Test func `PO-08: a reference is read`() throws {
        let text = #"{"url": "https://Hosting.example.net:8443/posh\u002ejson#x", "expires": 60}"#
        let expected = try #require(HTTPSAddress("https://hosting.example.net:8443/posh.json"))
        #expect(try POSHDocument(Array(text.utf8)) == .reference(expected, lifetime: 60))
        #expect(
            try POSHDocument(Array(#"{"url": "https://hosting.example.net:8443/posh.json"}"#.utf8))
                == .reference(expected, lifetime: nil))
    }

    @Test(arguments: [
        #""http://b.example/x""#, #""ftp://b.example/x""#, #""/x.json""#, "42", "null", #""https://""#,
        #""https:///x""#, #""https://a.example@b.example/""#, #""https://b.example:0/""#, #""https://b.example:x/""#,
        #""https://b.example/\u0000""#, #""https://b.example/a b""#, #""https://127.1/""#, #""https://0x7f000001/""#,
        #""https://b..example/""#, #""https://[::1/""#, #""javascript:x""#,
    ])
    func `PO-10: a reference to what is no https URL is refused`(url: String) {
        guard case .badURL = Self.fault(#"{"url": \#(url), "expires": 60}"#) else {
            Issue.record("\(url) was taken")
            return
        }
    }

    @Test(arguments: [
        "[]", "1", "\"x\"", "null", "", "{", #"{"expires": 60"#, #"{"expires": 60} x"#, #"{"expires": 60}{}"#,
        #"{"expires": 060}"#, #"{"expires": +60}"#, #"{"expires": NaN}"#, #"{"expires": 60,}"#, #"{'expires': 60}"#,
        #"{"expires": 60 /* a minute */}"#, "{\"a\": \"\n\"}", #"{"a": "\x"}"#, #"{"a": "\ud800"}"#,
        #"{"a": "\udc00"}"#, #"{"a": "\ud800\u0041"}"#, "\u{FEFF}{}", #"{"a": tru}"#, #"{"a": -}"#, #"{"a": 1.}"#,
    ])
    func `PO-16: what is not one JSON object is refused`(text: String) {
        switch Self.fault(text) {
        case .notJSON, .notAnObject: break
        case let other: Issue.record("\(text): \(String(describing: other))")
        }
    }

    @Test(arguments: [
        #"{"fingerprints": [], "fingerprints": [{}], "expires": 60}"#,
        #"{"fingerprints": [{"sha-256": "a", "sha-256": "b"}], "expires": 60}"#,
        #"{"expires": 60, "expi\u0072es": 61}"#,
    ])
    func `PO-16: a member that stands twice makes a document invalid`(text: String) {
        guard case .notJSON(.duplicate) = Self.fault(text) else {
            Issue.record("it was taken")
            return
        }
    }

    @Test func `PO-16: octets that are not UTF-8, depth and size are bounded`() {
        #expect(Self.fault(Array(#"{"a": ""#.utf8) + [0xFF] + Array(#""}"#.utf8)) == .notJSON(.notUTF8))
        #expect(Self.fault(Array(#"{"a": ""#.utf8) + [0xC0, 0x80] + Array(#""}"#.utf8)) == .notJSON(.notUTF8))
        let bomb = String(repeating: "[", count: 60_000)
        #expect(Self.fault(bomb) == .notJSON(.tooDeep(limit: 16)))
        #expect(Self.fault(String(repeating: #"{"a":"#, count: 10_000)) == .notJSON(.tooDeep(limit: 16)))
        let large = "{\"a\": \"" + String(repeating: "x", count: POSHDocument.mostOctets) + "\"}"
        #expect(Self.fault(large) == .tooLarge(limit: POSHDocument.mostOctets))
    }

    @Test func `PO-12: a set of web keys is read`() throws {
        let text = """
            {"keys": [{"kty": "RSA", "n": "AQID", "e": "AQAB", "x5t": "\(Self.sha1)", "kid": "1", "x5c": ["AAAA"]},
             {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "Ag", "x5t": "\(Self.sha1)"},
             {"kty": "OKP", "crv": "Ed25519", "x": "AQ", "x5t": "\(Self.sha1)"}]}
            """
        let material = try #require(try Self.material(text))
        let thumbprint: [PublishedKeyMaterial.HashAlgorithm: [UInt8]] = [.sha1: [UInt8](repeating: 1, count: 20)]
        #expect(
            material.form
                == .webKeys([
                    .init(
                        publicKey: .rsa(modulus: [1, 2, 3], exponent: [1, 0, 1]), thumbprints: thumbprint,
                        certificates: [[0, 0, 0]]),
                    .init(publicKey: .ellipticCurve(curve: "P-256", x: [1], y: [2]), thumbprints: thumbprint),
                    .init(publicKey: .octetKeyPair(curve: "Ed25519", x: [1]), thumbprints: thumbprint),
                ]))
        #expect(material.lifetime == nil)
    }

    @Test(arguments: [
        (#""kty": "RSA", "n": "AQID", "e": "AQAB""#, "no x5t"),
        (#""kty": "RSA", "e": "AQAB", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#, "no n"),
        (#""kty": "RSA", "n": "AQID", "e": "AQAB", "d": "AQ", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#, "private"),
        (#""kty": "oct", "k": "AQ", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#, "private members"),
        (#""kty": "EC", "x": "AQ", "y": "AQ", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#, "no crv"),
        (#""n": "AQID", "e": "AQAB", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#, "no kty"),
        (#""kty": "RSA", "n": "AQID", "e": "AQAB", "x5t": "0101010101010101010101010101010101010101""#, "SHA-1"),
        (#""kty": "RSA", "n": "AQ=", "e": "AQAB", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#, "base64url"),
        (#""kty": "RSA", "n": "AQID", "e": "AQAB", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE", "x5t#S256": "AQ""#, "S256"),
        (#""kty": "RSA", "n": "AQID", "e": "AQAB", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE", "x5c": []"#, "x5c"),
    ])
    func `PO-12, PO-13: a web key that cannot be used is passed over, a good one beside it works`(
        members: String, remark: String
    ) throws {
        guard case .nothingUsable(let remarks, _) = Self.fault(#"{"keys": [{\#(members)}]}"#) else {
            Issue.record("it was used")
            return
        }
        #expect(remarks.contains { $0.contains(remark) })
        let good = #"{"kty": "RSA", "n": "AQID", "e": "AQAB", "x5t": "\#(Self.sha1)"}"#
        let material = try #require(try Self.material(#"{"keys": [{\#(members)}, \#(good)]}"#))
        guard case .webKeys(let keys) = material.form else { return }
        #expect(keys.count == 1)
        #expect(material.remarks == remarks)
    }

    @Test func `PO-22: of thousands of useless entries the first are told, and how many there were`() throws {
        let useless = String(repeating: "{},", count: 20_000)
        let descriptor = #"{"sha-256": "\#(Base64.encode([UInt8](repeating: 1, count: 32)))"}"#
        let document = try POSHDocument(Array(#"{"fingerprints":[\#(useless)\#(descriptor)],"expires":60}"#.utf8))
        guard case .keys(let material) = document else {
            Issue.record("\(document)")
            return
        }
        #expect(material.remarks.count == 9 && material.remarks.last == "and 19992 more of the kind")
        let none = #expect(throws: POSHDocumentFault.self) {
            try POSHDocument(Array(#"{"fingerprints":[\#(useless){}],"expires":60}"#.utf8))
        }
        #expect("\(try #require(none))".utf8.count < 1000)
    }

    @Test func `PO-12: a private key is told of, wherever it stands`() throws {
        let useless = String(repeating: "{},", count: 5000)
        let fault = #expect(throws: POSHDocumentFault.self) {
            try POSHDocument(Array(#"{"keys":[\#(useless){"kty":"RSA","d":"AQ"}]}"#.utf8))
        }
        #expect("\(try #require(fault))".contains("key 5001: the private members d are published"))
    }

    @Test func `PO-22: what others write is told in brief, also where one character is as long as the document`() throws
    {
        let long = "x" + String(repeating: "\u{301}", count: 20_000)
        for text in [
            #"{"keys":[{"kty":"\#(long)","x5t":"AQ"}]}"#, #"{"\#(long)":1,"\#(long)":2}"#,
        ] {
            let fault = #expect(throws: POSHDocumentFault.self) { try POSHDocument(Array(text.utf8)) }
            #expect("\(try #require(fault))".utf8.count < 1000)
        }
    }

    @Test(arguments: [
        ("https://c.example/x", "https://c.example/x"), ("//c.example/x", "https://c.example/x"),
        ("/y?z", "https://b.example:8443/y?z"), ("y", "https://b.example:8443/a/y"),
        ("../y", "https://b.example:8443/y"), ("?q", "https://b.example:8443/a/x?q"),
    ])
    func `PO-19: where a redirection leads`(location: String, expected: String) throws {
        let from = try #require(HTTPSAddress("https://b.example:8443/a/x"))
        #expect(from.resolving(location)?.description == expected)
        #expect(from.resolving("http://c.example/") == nil)
        #expect(from.resolving("mailto:x") == nil)
        #expect(from.resolving("") == nil)
    }
}
