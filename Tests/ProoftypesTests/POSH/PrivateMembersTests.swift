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
            #expect("\(error)".contains("WARNING: the private members \(member) are published"))
        }
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
