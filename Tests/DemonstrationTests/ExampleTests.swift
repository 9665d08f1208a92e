import Assembly
import Testing

/// The example that the README goes through.
@Suite("The first federation of the README")
struct ExampleTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    @Test(arguments: ["bot.toml", "component.py"])
    func `the README shows the files as they are`(name: String) throws {
        let readme = String(decoding: try WholeFile.read(Self.root + "/README.md"), as: UTF8.self)
        let file = String(
            decoding: try WholeFile.read(Self.root + "/Examples/first-federation/" + name), as: UTF8.self)
        #expect(readme.contains("\n" + file + "```"))
    }
}
