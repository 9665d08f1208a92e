import DNSMessages
import Testing

@Suite("Trust anchors and master files")
struct TrustAnchorTextTests {
    private static let digest = "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"

    @Test(arguments: [
        ". IN DS 20326 8 2 \(digest)",
        ". 172800 IN DS 20326 8 2 \(digest) ; a comment",
        "\n; of the root\n\n.\tDS\t20326 8 2 (\n  E06D44B80B8F1D39A95C0B0D7C65D084 ; the first (half\n  "
            + "58E880409BBC683457104237C7F8EC8D\n)\n",
        "$TTL 5\r\n$ORIGIN org.\r\n. IN DS 20326 8 2 \(digest)\r\n",
        ". IN DS 20326 8 2 \(digest) ;;state=2 [  VALID  ] ;;count=0",
        ". IN DS 20326 8 2 \(digest)\n. IN DNSKEY 257 3 8 AQID ;;state=1 [ ADDPEND ] ;;count=3",
        ". IN DS 20326 8 2 \(digest)\n. IN DNSKEY 257 3 8 AQID ;;state=4 [ REVOKED ]",
    ])
    func `DS-02: an anchor is read from the forms that are in use`(text: String) throws {
        let anchors = try TrustAnchorText.read(text)
        let signer = try #require(anchors.first.flatMap(DelegationSigner.init))
        #expect(anchors.count == 1 && signer.owner == .root && signer.keyTag == 20_326)
        #expect(signer.algorithm == .rsaSHA256 && signer.digest == octets(hex: Self.digest))
    }

    @Test func `DS-02: several anchors, keys among them, are read from one text`() throws {
        let anchors = try TrustAnchorText.read(
            """
            . 172800 IN DNSKEY 257 3 8 ( AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5e
              mLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tar
              pVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws
              9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU= ) ;;state=3 [ MISSING ]
            . DS 20326 8 2 \(Self.digest)
            corp.test. DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118
            """)
        let key = try #require(anchors.lazy.compactMap(ZoneKey.init).first)
        let signers = anchors.compactMap(DelegationSigner.init)
        #expect(key.tag == 20_326 && key.isSecureEntryPoint && key.isUsable && key.isSupported)
        #expect(signers[0].matches(key))
        #expect(try signers[1].owner == name("corp.test"))
    }

    @Test(arguments: [
        ("", MasterFileError.empty), ("; nothing\n\n", .empty),
        (". IN DNSKEY 257 3 8 AQID ;;state=1 [ ADDPEND ]", .empty),
        (". DS 1 8 2 (AB", .unbalancedParenthesis(line: 1)), ("\n\n. DS 1 8 2 AB)", .unbalancedParenthesis(line: 3)),
        (". DS 1 8 2 ((AB))", .unbalancedParenthesis(line: 1)), ("\n. TXT \"a\n", .unterminatedText(line: 2)),
        ("\n$INCLUDE file", .unknownDirective(line: 2)), ("$TTL x", .unknownDirective(line: 1)),
        ("$ORIGIN a..b.", .unknownDirective(line: 1)), ("$TTL", .unknownDirective(line: 1)),
        ("a\0b", .notText(line: 1)),
        ("\n\n. NS a.", .unexpectedType(line: 3, .ns)),
        (". DS 1 8 2 (\nAB ) ; x\n. A 192.0.2.1", .unexpectedType(line: 3, .a)),
    ])
    func `a text that is not one of anchors is refused with its line`(text: String, error: MasterFileError) {
        #expect(throws: error) { try TrustAnchorText.read(text) }
        #expect(!error.description.isEmpty)
    }

    @Test(arguments: [
        "x", ". DS", ". DS a b c d", ". DS 1 8 2 XY", ". DNSKEY 257 3 8 !", ". CH DS 1 8 2 AB",
        "\\300. DS 1 8 2 AB", ". IN IN IN", "$", "\u{1}", "é. DS 1 8 2", "a..b. A 192.0.2.1", ". TYPE0 \\# 5 00",
    ])
    func `a line that is no record is refused with the reason`(line: String) throws {
        let error = #expect(throws: MasterFileError.self) { try MasterFile.read("\n" + line) }
        #expect(try #require(error).description.hasPrefix("line 2: "))
    }

    @Test func `a master file has an origin, a time to live and blanks for the owner before`() throws {
        let records = try MasterFile.read(
            """
            @ A 192.0.2.1
              60 IN A 192.0.2.2
            $ORIGIN sub
            $TTL 7
            a A 192.0.2.3
            @ A 192.0.2.4
            b.other. A 192.0.2.5
            """, origin: try name("example"), timeToLive: 5)
        #expect(
            records.map(\.presentation) == [
                "example. 5 IN A 192.0.2.1", "example. 60 IN A 192.0.2.2", "a.sub.example. 7 IN A 192.0.2.3",
                "sub.example. 7 IN A 192.0.2.4", "b.other. 7 IN A 192.0.2.5",
            ])
    }
}
