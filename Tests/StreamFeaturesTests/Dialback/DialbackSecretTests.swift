import StreamFeatures
import StreamTestSupport
import Testing
import XMPPModel

/// Where each character of a wrong key may differ.
@Suite("The keys of dialback")
struct DialbackSecretTests {
    private static let vectors: [(secret: String, pair: DomainPair, id: String, key: String)] = [
        (
            "s3cr3tf0rd14lb4ck", pair("example.org", "xmpp.example.com"), "D60000229F",
            "37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643"
        ),
        (
            "s3cr3tf0rd14lb4ck", pair("capulet.example", "montague.example"), "D60000229F",
            "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3"
        ),
        (
            "d14lb4ck43v3r", pair("montague.example", "capulet.example"), "417GAF25",
            "225cc5aa6a071133249d25fef42ae516fc7a86c523aa1c6980a7f73e784c972d"
        ),
    ]

    @Test(arguments: vectors.indices)
    func `DK-01: a key is the keyed hash of receiver, originator and stream`(index: Int) {
        let vector = Self.vectors[index]
        let secret = DialbackSecret(vector.secret)
        #expect(secret.key(for: vector.pair, streamID: vector.id) == vector.key)
        #expect(secret.isKey(vector.key, for: vector.pair, streamID: vector.id))
    }

    @Test func `DK-02: the hashed secret counts as text, not as the bytes that it writes`() {
        let wrong = "4530485cd3f519a56e49b11b294b990ee9697dddaa9e95949e4cb0e64e9f017f"
        #expect(DialbackSecret.test.key(for: Self.vectors[0].pair, streamID: "D60000229F") != wrong)
    }

    @Test func `DK-03: whoever knows the secret makes the same key, and nobody else does`() {
        let vector = Self.vectors[0]
        let other = DialbackSecret(vector.secret)
        #expect(other.isKey(vector.key, for: vector.pair, streamID: vector.id))
        #expect(!DialbackSecret("another").isKey(vector.key, for: vector.pair, streamID: vector.id))
        let first = DialbackSecret.random()
        let second = DialbackSecret.random()
        #expect(first?.utf8.count == 64)
        #expect(first != second)
    }

    @Test func `DB-24: a key with one character changed, cut or of another stream or pair is not ours`() {
        let vector = Self.vectors[0]
        let secret = DialbackSecret.test
        for place in [0, 1, 31, 63] {
            var octets = Array(vector.key.utf8)
            octets[place] ^= 1
            #expect(!secret.isKey(String(decoding: octets, as: UTF8.self), for: vector.pair, streamID: vector.id))
        }
        let others = [
            "", String(vector.key.dropLast()), vector.key + "0", vector.key.uppercased(), " " + vector.key,
        ]
        for key in others { #expect(!secret.isKey(key, for: vector.pair, streamID: vector.id)) }
        #expect(!secret.isKey(vector.key, for: vector.pair, streamID: "D60000229G"))
        #expect(!secret.isKey(vector.key, for: vector.pair.reversed, streamID: vector.id))
        #expect(!secret.isKey(vector.key, for: pair("example.org", "b.example"), streamID: vector.id))
    }

    @Test func `DK-01: the form that a peer writes a domain in does not change the key`() {
        let canonical = DialbackSecret.test.key(for: pair("münchen.example", "b.example"), streamID: "x")
        let written = DialbackSecret.test.key(for: pair("XN--MNCHEN-3YA.Example.", "B.EXAMPLE"), streamID: "x")
        #expect(canonical == written)
    }
}
