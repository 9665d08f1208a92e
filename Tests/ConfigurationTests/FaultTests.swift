import Configuration
import Testing

@Suite("Faults")
struct FaultTests {
    @Test func `every fault of every file is reported at once, in order`() {
        let main = """
            include = ["domains.d/*.toml"]
            colour = "blue"

            [tls]
            minimum_version = "1.1"

            [limits]
            stanza_bytes = 9999
            pairs_per_stream = "many"

            [[domain]]
            name = "a.example"
            """
        let included = """
            [[domain]]
            name = "b..example"
            secret = "s"
            [log]
            level = "info"
            """
        let found = faults(
            of: main,
            others: [
                "/etc/ligase/domains.d/1.toml": included, "/etc/ligase/domains.d/2.toml": "[[domain]]\nname = ",
            ])
        let places = found.map { "\($0.file.split(separator: "/").last ?? ""):\($0.line ?? 0) \($0.keyPath)" }
        #expect(
            places == [
                "ligase.toml:2 colour", "ligase.toml:5 tls.minimum_version", "ligase.toml:8 limits.stanza_bytes",
                "ligase.toml:9 limits.pairs_per_stream", "ligase.toml:11 domain.secret_file", "1.toml:2 domain.name",
                "1.toml:4 log", "2.toml:2 ",
            ])
    }

    @Test func `a fault reads as one line with file, line, key, reason and mend`() {
        let found = faults(of: "[tls]\nminimum_version = \"1.1\"\n" + tenant)
        #expect(
            found.map(\.description) == [
                "/etc/ligase/ligase.toml:2: tls.minimum_version: \"1.1\" is not a choice (write \"1.2\" or \"1.3\")"
            ])
        #expect(found.first?.column == 1)
        #expect(ConfigurationErrors(found + found).description.split(separator: "\n").count == 2)
    }

    @Test func `an element of a list over several lines is found at its own line`() {
        let found = faults(of: "[dns]\nservers = [\n  \"192.0.2.53\",\n  \"nowhere\",\n  7,\n]\n" + tenant)
        #expect(found.map(\.line) == [4, 5])
        #expect(found.allSatisfy { $0.keyPath == "dns.servers" })
    }

    @Test(arguments: [
        ("[tls\n", 1), ("a = 1\na = 2\n", 2), ("[tls]\n[tls]\n", 2), ("x = \n", 1), ("\u{1}", 1), ("a = \"b", 1),
        ("[log]\nlevel = info\n", 2), ("a = 1 b = 2", 1), ("a = [1, 2", 1), ("[[domain]]\n[domain]\n", 2),
        ("[log]\n[=", 2), ("[log]\n\n[[\n[tls]\n[dns]\n", 3), ("[.]", 1), ("a = {=}", 1), ("a = {,}", 1),
    ])
    func `a syntax error names its line`(text: String, line: Int) {
        let found = faults(of: text)
        #expect(found.count == 1 && found[0].line == line && found[0].message.hasPrefix("is not TOML: "), "\(found)")
    }

    @Test(
        arguments: [[0xFF, 0xFE], [0x61, 0x3D, 0x22, 0xC3, 0x28, 0x22], [0x61, 0x3D, 0x22, 0x00, 0x22]] as [[UInt8]])
    func `bytes that are not UTF-8 are a syntax error`(bytes: [UInt8]) {
        #expect(throws: ConfigurationErrors.self) {
            try Configuration.parseTenants(text: bytes, file: "x.toml", features: .everything)
        }
    }

    @Test(arguments: [
        ("", "a.", 100_000, "a = 1"), ("[", "\"=\".", 100_000, "a]"), ("x = ", "[", 100_000, ""),
        ("x = ", "{a=", 100_000, ""), ("", "'.'.", 50, "a = 1"), ("a = { ", "b.", 40, "c = 1 }"),
    ])
    func `endless nesting is a syntax error`(start: String, repeated: String, count: Int, end: String) {
        #expect(faults(of: start + String(repeating: repeated, count: count) + end).count == 1)
    }

    @Test func `dots in strings and comments are no nesting`() throws {
        let dots = String(repeating: ".", count: 200)
        let text = "# \(dots)\n[federation]\ndialback_secret = \"a\\\"\(dots)\" # \(dots)\n" + tenant
        #expect(try load(text).federation.dialbackSecret == .text("a\"\(dots)"))
        #expect(faults(of: "[log]\nlevel = '''\(dots)''''\nformat = \"\"\"\n\\\"\(dots)\n\"\"\"\n" + tenant).count == 2)
    }

    @Test func `a main file that cannot be read is the one fault`() {
        let reader = MemoryFiles(contents: [:]).reader
        #expect {
            try Configuration.load(file: "ligase.toml", reading: reader, features: partlyBuilt)
        } throws: { error in
            "\(error)" == "ligase.toml: cannot be read: No such file or directory (name the file with --config)"
        }
    }

    @Test func `a secret is in no description`() throws {
        let configuration = try load(
            "[federation]\ndialback_secret = \"hush\"\n[[domain]]\nname = \"a.example\"\nsecret = \"hush\"\n")
        #expect(!"\(configuration)".contains("hush") && !String(reflecting: configuration).contains("hush"))
    }

    /// Cuts and changes one byte at a time; each must load or be refused, and never more.
    @Test func `broken documents are refused and nothing else`() {
        let document = Array(
            """
            include = ["d/*.toml"]
            [dns]
            servers = ["tls://192.0.2.53#a", "https://a@[::1]:8/q"]
            pin_sha256 = ['x']
            [[dns.zone]]
            name = "b"
            [timeouts]
            retry_after_failure = [1, 2.5]
            [[domain]]
            name = "bü.example"
            secret.x = {a.b = 1979-05-27T07:32:00Z}
            """.utf8)
        let changes: [UInt8] = [0, 0x0A, 0x22, 0x27, 0x2E, 0x3D, 0x5B, 0x5D, 0x7B, 0x5C, 0xFF]
        var tried = 0
        for index in document.indices {
            _ = try? Configuration.parseTenants(text: Array(document[..<index]), file: "x", features: partlyBuilt)
            for change in changes {
                var changed = document
                changed[index] = change
                let text = changed
                let reader = FileReader(
                    contents: { _ throws(FileReader.Failure) in text },
                    matches: { _ throws(FileReader.Failure) in [] })
                _ = try? Configuration.load(file: "x", reading: reader, features: partlyBuilt)
                tried += 1
            }
        }
        #expect(tried == document.count * changes.count)
    }
}
