import Testing

/// A prooftype is one folder and a line in a list: nobody else names what makes it.
@Suite("PT-01: The reach of a prooftype")
struct ProoftypeTests {
    private static let list = "Sources/Prooftypes/AllProoftypes.swift"
    private static let example = "Tests/DemonstrationTests/WorkedExamples/PinFile"

    @Test(arguments: SourceTree.folders(below: "Sources/Prooftypes").filter { !$0.hasSuffix(".docc") })
    func `PT-01: what a prooftype tells of itself is named in its folder and in the list alone`(name: String) throws {
        let folder = "Sources/Prooftypes/\(name)/"
        let kind = "\(name)Kind"
        let naming = SourceTree.files(below: "Sources", endingIn: ".swift").filter {
            SourceTree.text(of: $0).contains(kind)
        }
        #expect(naming.contains { $0.hasPrefix(folder) }, "\(folder) has no \(kind)")
        #expect(naming.filter { !$0.hasPrefix(folder) } == [Self.list])
        #expect(SourceTree.lines(of: Self.list).count { $0.contains(kind) } == 1)
    }

    /// The example lies beside the tests, and could lie in `Sources/Prooftypes` as it is.
    @Test func `PT-01: the example of the page is one folder, and imports what a prooftype may`() throws {
        let files = SourceTree.files(below: Self.example, endingIn: ".swift")
        #expect(files.count == 2)
        let mayImport = try #require(Layers.rows["Prooftypes"]).union(["Prooftypes"])
        for path in files {
            for line in SourceTree.lines(of: path) where line.hasPrefix("import ") {
                #expect(mayImport.contains(String(line.dropFirst("import ".count))), "\(path): \(line)")
            }
        }
        for path in SourceTree.files(below: "Sources", endingIn: ".swift") {
            let text = SourceTree.text(of: path)
            #expect(!text.contains("PinFile") && !text.contains("pin-file"), "\(path) knows the example")
        }
    }
}
