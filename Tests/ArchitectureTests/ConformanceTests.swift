import Glibc
import Testing

@Suite("Conformance")
struct ConformanceTests {
    private static let list = ConformanceList()

    @Test func `every row has a test, or a reason why it has none yet`() {
        #expect(Self.list.rows.count > 300)
        #expect(Self.list.missing.isEmpty, "no test shows \(Self.list.missing.joined(separator: ", "))")
    }

    @Test func `every name of a row in a test, and every reason, is one`() {
        #expect(Self.list.unknown.isEmpty, "there is no row \(Self.list.unknown.joined(separator: ", "))")
        let superfluous = Self.list.superfluousReasons
        #expect(superfluous.isEmpty, "tests show all of \(superfluous.joined(separator: ", "))")
    }

    /// With LIGASE_UPDATE_CONFORMANCE set the page is written first; see `Docs/update-conformance`.
    @Test func `the page agrees with the tests`() {
        let path = "Docs/Conformance.md"
        if getenv("LIGASE_UPDATE_CONFORMANCE") != nil, let file = fopen(SourceTree.root + "/" + path, "w") {
            let bytes = Array(Self.list.page.utf8)
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }
        #expect(SourceTree.text(of: path) == Self.list.page, "run Docs/update-conformance")
    }
}
