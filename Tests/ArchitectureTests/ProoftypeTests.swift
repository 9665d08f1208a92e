import Testing

/// A prooftype is one folder and a line in a list: nobody else names what makes it.
@Suite("PT-01: The reach of a prooftype")
struct ProoftypeTests {
    private static let list = "Sources/Prooftypes/AllProoftypes.swift"
    private static let example = "Tests/DemonstrationTests/WorkedExamples/PinFile"

    /// The names in the list, which are those of the folders.
    private static let names = SourceTree.lines(of: list).compactMap { line -> String? in
        let word = line.drop { $0 == " " }
        return word.hasSuffix("Kind.self,") ? String(word.dropLast("Kind.self,".count)) : nil
    }

    @Test func `PT-01: the list names the prooftypes, each on its line`() {
        #expect(Set(Self.names).isSuperset(of: ["DANE", "POSH", "PKIX"]))
        #expect(Set(Self.names).count == Self.names.count)
    }

    @Test(arguments: names)
    func `PT-01: what a prooftype tells of itself is named in its folder and in the list alone`(name: String) throws {
        let folder = "Sources/Prooftypes/\(name)/"
        let naming = SourceTree.files(below: "Sources", endingIn: ".swift").filter {
            SourceTree.text(of: $0).contains("\(name)Kind")
        }
        #expect(naming.contains { $0.hasPrefix(folder) }, "\(folder) has no \(name)Kind")
        #expect(naming.filter { !$0.hasPrefix(folder) } == [Self.list])
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
