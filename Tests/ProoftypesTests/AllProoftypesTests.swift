import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity

@Suite("The list of prooftypes")
struct AllProoftypesTests {
    @Test func `PT-01: every name that the configuration may use makes its prooftype`() throws {
        let store = try TrustStore(
            authorities: [.bytes(Certificates.authority().issued.certificatePEM, name: "test root")])
        let settings = ProoftypeSettings(trustStore: store)
        let made = AllProoftypes.make(enabled: Set(AllProoftypes.names), settings: settings)
        #expect(made.map(\.name) == AllProoftypes.names)
        #expect(AllProoftypes.make(enabled: [], settings: settings).isEmpty)
    }
}
