import Testing
import TransportSecurity
import XMPPModel

@Suite("Our own chain and key")
struct TLSIdentityTests {
    private func failure(chain: [UInt8], key: [UInt8]) -> IdentityFailure? {
        do throws(IdentityFailure) {
            _ = try TLSIdentity(chainPEM: chain, keyPEM: key, chainSource: "chain.pem", keySource: "key.pem")
            return nil
        } catch {
            return error
        }
    }

    @Test func `A good chain loads, and one file may hold both`() throws {
        let issued = try Fixtures.issue("a.example")
        #expect(failure(chain: issued.chainPEM, key: issued.privateKeyPEM) == nil)
        let both = issued.privateKeyPEM + issued.chainPEM
        #expect(failure(chain: both, key: both) == nil)
    }

    @Test func `TP-03: a weak key of our own, or a signature by SHA-1, is refused`() throws {
        let rsa = try Fixtures.issue("a.example") { $0.key = .rsa(1024) }
        #expect(
            failure(chain: rsa.chainPEM, key: rsa.privateKeyPEM)
                == .weakKey(source: "key.pem", kind: .rsa, bits: 1024, minimum: 2048))
        let curve = try Fixtures.issue("a.example") { $0.key = .ellipticCurve("P-192") }
        #expect(
            failure(chain: curve.chainPEM, key: curve.privateKeyPEM)
                == .weakKey(source: "key.pem", kind: .ellipticCurve, bits: 192, minimum: 224))

        let issued = try Fixtures.issue("a.example") { $0.digest = .sha1 }
        #expect(
            failure(chain: issued.chainPEM, key: issued.privateKeyPEM)
                == .weakSignature(source: "chain.pem", algorithm: "ecdsa-with-SHA1"))
    }

    @Test func `A key that does not fit, and a chain in the wrong order, are named`() throws {
        let middle = try Fixtures.root.get().subordinate(Fixtures.authority("Test Intermediate"))
        let issued = try middle.issue(Fixtures.template("a.example"))
        let other = try Fixtures.issue("b.example")
        #expect(
            failure(chain: issued.chainPEM, key: other.privateKeyPEM)
                == .keyMismatch(certificateSource: "chain.pem", keySource: "key.pem"))
        #expect(
            failure(chain: middle.issued.certificatePEM + issued.certificatePEM, key: issued.privateKeyPEM)
                == .leafNotFirst(source: "chain.pem", position: 2))
    }

    @Test func `Garbage, emptiness and an encrypted key are told apart`() throws {
        let issued = try Fixtures.issue("a.example")
        #expect(
            failure(chain: [], key: issued.privateKeyPEM) == .badCertificate(source: "chain.pem", .noCertificate))
        var damaged = issued.chainPEM
        damaged[40] = UInt8(ascii: "!")
        guard
            case .badCertificate("chain.pem", .malformedPEM(position: 1, _)) = failure(
                chain: damaged, key: issued.privateKeyPEM)
        else {
            Issue.record("a damaged certificate")
            return
        }
        guard case .badPrivateKey("key.pem", _) = failure(chain: issued.chainPEM, key: Array("no key".utf8)) else {
            Issue.record("no key")
            return
        }
        let encrypted = Array(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAwAA==\n-----END ENCRYPTED PRIVATE KEY-----\n".utf8)
        #expect(failure(chain: issued.chainPEM, key: encrypted) == .encryptedPrivateKey(source: "key.pem"))
    }

    @Test func `A missing file and a directory are named with the system's reason`() {
        for (path, reason) in [("/nonexistent/chain.pem", "No such file or directory"), ("/", "Is a directory")] {
            #expect(throws: IdentityFailure.unreadable(source: path, reason: reason)) {
                try TLSIdentity(chainFile: path, keyFile: path)
            }
        }
    }
}
