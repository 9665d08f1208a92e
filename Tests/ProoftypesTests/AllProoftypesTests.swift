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
        let kinds = try AllProoftypes.kinds.map { kind throws(ProoftypeSettingFault) in try kind.init(ProoftypeValues())
        }
        let made = AllProoftypes.make(kinds, enabled: Set(AllProoftypes.names), settings: settings)
        #expect(made.map(\.name) == AllProoftypes.names)
        #expect(Set(AllProoftypes.names).count == AllProoftypes.kinds.count)
        #expect(AllProoftypes.make(kinds, enabled: [], settings: settings).isEmpty)
    }

    @Test func `a value is there in its own form alone`() {
        let values = ProoftypeValues([
            "a": .text("x"), "b": .texts(["x", "y"]), "c": .integer(7), "d": .boolean(false),
            "e": .file(path: "/x", content: [1]),
        ])
        #expect(values.text("a") == "x" && values.texts("b") == ["x", "y"] && values.integer("c") == 7)
        #expect(values.boolean("d") == false && values.file("e")?.path == "/x" && values.file("e")?.content == [1])
        #expect(values.text("b") == nil && values.texts("a") == nil && values.integer("d") == nil)
        #expect(values.boolean("c") == nil && values.file("a") == nil && values.text("absent") == nil)
    }
}
