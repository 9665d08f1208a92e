import Testing
import TransportSecurity

@Suite("Base64, hexadecimal and digests")
struct EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"), ("a.example", "YS5leGFtcGxl"), ("capulet.lit", "Y2FwdWxldC5saXQ="),
    ])
    func `SE-07: base64 in both directions`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: [
        "YS5l eGFt", "=AAA", "BBBB=CCC", "YS5leGFtcGx", "YS5leGFtcGy=", "YS5leGFt\ncGxl", "YS5leGFtcGxl\n", "A", "A===",
        "AA=A", "====", "=", "AA==AA==", "AAA=AAAA", "Zg", "Zh==", "Zm9=", "YS5-", "YS5_", "YS5ñ", "\0\0\0\0", "AA==\0",
    ])
    func `SE-07: anything but exact base64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `Base64 carries every octet in both alphabets, and hexadecimal is exact`() {
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
        #expect(Base64.encodeURLSafe([0xFB, 0xFF, 0xFE, 0xFF]) == "-__-_w")
        #expect(Hexadecimal.encode([0, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(Hexadecimal.decode("000FA5ff") == [0, 0x0F, 0xA5, 0xFF])
        #expect(Hexadecimal.decode("0") == nil && Hexadecimal.decode("0g") == nil && Hexadecimal.decode("") == [])
    }

    @Test(arguments: [
        ("s3cr3tf0rd14lb4ck", "a7136eb1f46c9ef18c5e78c36ca257067c69b3d518285f0b18a96c33beae9acc"),
        ("d14lb4ck43v3r", "d66b79a6167d8b027a32169eb73edf390f10921f41b9905536d821d9cbf104de"),
    ])
    func `DK-01: digests of the dialback secrets`(secret: String, digest: String) {
        #expect(Hexadecimal.encode(Digest.sha256(Array(secret.utf8))) == digest)
    }

    @Test(arguments: [
        (
            "s3cr3tf0rd14lb4ck", "xmpp.example.com example.org D60000229F",
            "37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643"
        ),
        (
            "d14lb4ck43v3r", "capulet.example montague.example 417GAF25",
            "225cc5aa6a071133249d25fef42ae516fc7a86c523aa1c6980a7f73e784c972d"
        ),
    ])
    func `DK-01: dialback keys`(secret: String, message: String, key: String) {
        let secretText = Hexadecimal.encodedBytes(Digest.sha256(Array(secret.utf8)))
        #expect(Hexadecimal.encode(Digest.hmacSHA256(key: secretText, Array(message.utf8))) == key)
    }

    @Test func `The component handshake, an empty key, and the other digests`() {
        let handshake = Digest.sha1(Array("3BF96D32sekrit".utf8))
        #expect(Hexadecimal.encode(handshake) == "5547269269506c23b408f2b69c0f74efdd03b4fb")
        let empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(Hexadecimal.encode(Digest.hmacSHA256(key: [], [])) == empty)
        #expect(Digest.sha512([]).count == 64)
    }

    @Test func `Equality in constant time is equality, and random bytes differ`() {
        #expect(Digest.areEqualInConstantTime([1, 2], [1, 2]) && Digest.areEqualInConstantTime([], []))
        #expect(!Digest.areEqualInConstantTime([1, 2], [1, 3]) && !Digest.areEqualInConstantTime([1], [1, 2]))
        #expect(SecureRandom.bytes(32)?.count == 32 && SecureRandom.bytes(0) == [])
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }
}
