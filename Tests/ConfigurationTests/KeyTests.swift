import Configuration
import Testing

@Suite("Every key")
struct KeyTests {
    @Test(arguments: EveryKey.all)
    func `a usable value loads without a word`(key: KeyCase) throws {
        for value in key.good {
            #expect(faults(of: key.document(value)) == [], "\(value)")
        }
    }

    @Test(arguments: EveryKey.all)
    func `a value of another type is a fault at its line that names the key`(key: KeyCase) {
        for value in key.wrongType {
            let found = faults(of: key.document(value))
            #expect(found.contains { $0.keyPath == key.keyPath && $0.line == KeyCase.line }, "\(value): \(found)")
            #expect(found.allSatisfy { !$0.mend.isEmpty && $0.file == "/etc/ligase/ligase.toml" })
        }
    }

    @Test(arguments: EveryKey.all)
    func `an unusable value is a fault at its line that names the key`(key: KeyCase) {
        for value in key.unusable {
            let found = faults(of: key.document(value))
            #expect(found.contains { $0.keyPath == key.keyPath && $0.line == KeyCase.line }, "\(value): \(found)")
        }
    }

    static let tables = [
        "", "[log]", "[listen]", "[tls]", "[federation]", "[posh]", "[runtime]", "[limits]", "[timeouts]", "[dns]",
        "[[dns.zone]]", "[[domain]]", "[[remote]]",
    ]

    @Test(arguments: tables)
    func `the list above is complete, and an unknown key is told what is known`(table: String) throws {
        let unknown = "qqqqqqqqqqqq"
        let found = faults(of: "\(table)\n\(unknown) = 1\n\(tenant)").filter { $0.keyPath.hasSuffix(unknown) }
        let fault = try #require(found.first)
        #expect(found.count == 1 && fault.line == 2)
        let prefix = "known here: "
        #expect(fault.mend.hasPrefix(prefix))
        let known = Set(fault.mend.dropFirst(prefix.count).split(separator: ",").map { $0.filter { $0 != " " } })
        let listed = Set(EveryKey.all.filter { $0.table == table }.map(\.key))
        let tablesWithin: Set<String> =
            switch table {
            case "":
                [
                    "log", "listen", "tls", "federation", "posh", "runtime", "limits", "timeouts", "dns", "domain",
                    "remote",
                ]
            case "[dns]": ["zone"]
            default: []
            }
        #expect(known == listed.union(tablesWithin))
    }

    @Test(arguments: [
        ("[tls]\nmin_version = \"1.2\"", "minimum_version"), ("[tls]\nminimum-version = \"1.2\"", "minimum_version"),
        ("[limit]\nstanza_bytes = 10000", "limits"), ("[log]\nLevel = \"info\"", "level"),
        ("[federation]\npooftypes = []", "prooftypes"), ("[[domains]]\nname = \"a\"", "domain"),
        ("[timeouts]\nkeep_alive = 3", "keepalive"), ("[listen]\ns2s_directtls = []", "s2s_direct_tls"),
    ])
    func `a slip is answered with the key that was meant`(text: String, meant: String) {
        let found = faults(of: text + tenant)
        #expect(found.map(\.mend).contains("did you mean \(meant)?"), "\(found)")
    }

    @Test(arguments: ["include = []", "state_directory = \"x\""])
    func `a key of no table that fell into the last one is told where it belongs`(text: String) {
        let found = faults(of: tenant + "[log]\n\(text)\n")
        #expect(found.map(\.mend) == ["move it to the top of the file, before the first [table]"])
    }

    @Test(arguments: [
        "log = 1", "dns = []", "[[tls]]", "[domain]\nname = \"a.example\"", "domain = 3", "domain = [1]",
        "[remote]\nname = \"a.example\"", "[dns]\nzone = \"x\"", "[[limits]]",
    ])
    func `a table of the wrong shape is a fault`(text: String) {
        let found = faults(of: "\(text)\n" + (text.contains("domain") ? "" : tenant))
        #expect(found.count == 1 && found[0].line != nil && found[0].mend.hasPrefix("write ["), "\(found)")
    }
}
