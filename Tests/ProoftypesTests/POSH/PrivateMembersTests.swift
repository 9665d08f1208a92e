import Prooftypes
import Testing

@Suite struct PrivateMembersTests {
    @Test(arguments: ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
    func `PO-12: a key with any private member counts for nothing, and is warned of by name`(member: String) {
        let key = #""kty": "RSA", "n": "AQID", "e": "AQAB", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#
        let document = #"{"keys": [{\#(key), "\#(member)": "AQ"}]}"#
        do throws(POSHDocumentFault) {
            _ = try POSHDocument(Array(document.utf8))
            Issue.record("it was used")
        } catch {
            guard case .nothingUsable(_, let warning?) = error else {
                Issue.record("no warning: \(error)")
                return
            }
            #expect(warning.contains("the private members \(member) are published") && "\(error)".contains(warning))
        }
    }

    @Test func `PO-12: nothing that a document says in its own words is such a warning`() {
        let document = #"{"keys": [{"kty": "WARNING: d published", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE"}]}"#
        #expect(
            throws: POSHDocumentFault.nothingUsable(
                ["key 1: its kty is WARNING: d published, which TLS does not use"], warning: nil)
        ) { try POSHDocument(Array(document.utf8)) }
    }

    @Test(arguments: ["+/8A", "AQ==", "A-_/"])
    func `PO-12: members in base64 that is not for URLs make a key unusable`(modulus: String) {
        let members = #""kty": "RSA", "n": "\#(modulus)", "e": "AQAB", "x5t": "AQEBAQEBAQEBAQEBAQEBAQEBAQE""#
        do throws(POSHDocumentFault) {
            _ = try POSHDocument(Array("{\"keys\": [{\(members)}]}".utf8))
            Issue.record("it was used")
        } catch {
            #expect("\(error)".contains("n is not base64url"))
        }
    }
}
