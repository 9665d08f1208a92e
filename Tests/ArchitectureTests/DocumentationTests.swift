import TestSupport
import Testing

/// The library's documentation, as `Scripts/document` makes it of what has been built.
@Suite("The documentation of the library")
struct DocumentationTests {
    @Test func `it is made without a warning, so that every link leads somewhere`() async throws {
        try await script {
            let folder = try TemporaryDirectory()
            let program = try ChildProcess(
                SourceTree.root + "/Scripts/document", arguments: [Program.directoryOfThisProgram()],
                environment: ["DOCUMENTATION_FOLDER": folder.path(of: "documentation")],
                logFile: folder.path(of: "log"))
            #expect(try program.waitForExit(within: .seconds(60)) == .exited(code: 0), "\(program.log)")
            let landing = folder.path(of: "documentation/DomainNameAssociation.doccarchive/index.html")
            #expect(!contents(ofFile: landing).isEmpty)
        }
    }
}
