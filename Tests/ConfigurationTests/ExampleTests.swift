import Configuration
import Glibc
import Testing
import XMPPModel

@Suite("Examples in Config")
struct ExampleTests {
    private static let folder: String = {
        var parts = #filePath.split(separator: "/").dropLast(3)
        parts.append("Config")
        return "/" + parts.joined(separator: "/")
    }()

    private static let reader = FileReader(
        contents: { path throws(FileReader.Failure) in
            guard let file = fopen(path, "r") else {
                throw FileReader.Failure(reason: String(cString: strerror(errno)))
            }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
            return bytes
        },
        matches: { pattern throws(FileReader.Failure) in
            var found = glob_t()
            defer { globfree(&found) }
            guard glob(pattern, 0, nil, &found) == 0 else { return [] }
            return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        })

    private func load(_ name: String, _ features: BuiltFeatures) throws(ConfigurationErrors) -> Configuration {
        try Configuration.load(file: "\(Self.folder)/\(name)", reading: Self.reader, features: features)
    }

    @Test(arguments: [
        "ligase.toml", "component.toml", "border.toml", "many-tenants.toml", "resolver.toml", "internal-zones.toml",
    ])
    func `each example loads without a warning`(name: String) throws {
        let configuration = try load(name, .everything)
        #expect(configuration.warnings.isEmpty && !configuration.domains.isEmpty)
    }

    @Test(arguments: ["ligase.toml", "component.toml", "many-tenants.toml"])
    func `each example that needs nothing unbuilt loads today`(name: String) throws {
        #expect(try load(name, partlyBuilt).warnings.map(\.keyPath) == ["dns.validation"])
    }

    @Test func `the tenants of included files are hosted`() throws {
        let names = try load("many-tenants.toml", partlyBuilt).domains.map(\.name.description)
        #expect(names == ["first-customer.example", "rooms.first-customer.example", "bücher.example"])
    }

    @Test func `the annotated file shows every key, and its defaults are the defaults`() throws {
        let text = try String(decoding: Self.reader.contents("\(Self.folder)/ligase.toml"), as: UTF8.self)
        var tables: [String: Set<String>] = [:]
        var table = ""
        var sections = ""
        for line in text.split(separator: "\n") {
            let setting = line.hasPrefix("#") ? line.dropFirst() : line
            guard !setting.hasPrefix(" ") else { continue }
            if setting.hasPrefix("[") { table = String(setting) }
            if let equals = setting.firstIndex(of: "=") {
                tables[table, default: []].insert(setting[..<equals].filter { $0 != " " })
            }
            if table == "" || !table.hasPrefix("[[") { sections += setting + "\n" }
        }
        for key in EveryKey.all where !["secret", "include"].contains(key.key) {
            // [[remote]] points to [federation] for the keys that both have.
            let table =
                key.table == "[[remote]]" && tables["[federation]"]?.contains(key.key) == true
                ? "[federation]" : key.table
            #expect(tables[table]?.contains(key.key) == true, "\(key.keyPath)")
        }

        let file = "/etc/ligase/ligase.toml"
        let files = MemoryFiles(contents: [file: sections + tenant])
        let written = try Configuration.load(file: file, reading: files.reader, features: .everything)
        let defaults = try ConfigurationTests.load(tenant)
        #expect(written.log == defaults.log && written.listen == defaults.listen && written.tls == defaults.tls)
        #expect(written.federation == defaults.federation && written.limits == defaults.limits)
        #expect(written.timeouts == defaults.timeouts && written.dns == defaults.dns && written.posh == defaults.posh)
        #expect(written.runtime == defaults.runtime && written.stateDirectory == defaults.stateDirectory)
    }
}
