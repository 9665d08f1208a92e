import Assembly
import Testing

/// What the documentation shows is what is compiled and tested.
@Suite("Examples of the documentation")
struct ExampleTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    private static let workedExamples = "Tests/DemonstrationTests/WorkedExamples/"

    @Test(arguments: [
        ("README.md", "Examples/first-federation/bot.toml"),
        ("README.md", "Examples/first-federation/component.py"),
        ("Docs/AddingAProoftype.md", workedExamples + "PinFile/PinFileProoftype.swift"),
        ("Docs/AddingAProoftype.md", workedExamples + "PinFile/PinFileKind.swift"),
        ("Docs/AddingAStreamFeature.md", workedExamples + "GreetingFeature.swift"),
        ("Docs/AddingABackend.md", workedExamples + "MovedBackend.swift"),
    ])
    func `a page shows the file as it is`(page: String, file: String) throws {
        let text = String(decoding: try WholeFile.read(Self.root + "/" + page), as: UTF8.self)
        let content = String(decoding: try WholeFile.read(Self.root + "/" + file), as: UTF8.self)
        #expect(text.contains("\n" + content + "```"))
    }
}
