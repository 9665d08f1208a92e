import Testing

/// The rules that the compiler does not check: who imports what, and what a file may be like.
@Suite("Architecture")
struct LayeringTests {
    private static let swiftFiles = SourceTree.files(below: "Sources", endingIn: ".swift")
    private static let allFiles =
        swiftFiles + SourceTree.files(below: "Tests", endingIn: ".swift", ".scenario", ".sh")
        + SourceTree.files(below: "Docs", endingIn: ".md") + ["Package.swift", "README.md"]

    private static func target(of path: String) -> String { String(path.split(separator: "/")[1]) }

    /// The modules that a file imports.
    private static func imports(of path: String) -> [String] {
        SourceTree.lines(of: path).compactMap { line in
            let words = line.split(separator: " ")
            guard let position = words.firstIndex(of: "import"), position < words.count - 1,
                words[..<position].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
            else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "var", "let", "typealias"]
            let name = kinds.contains(words[position + 1]) ? words[position + 2] : words[position + 1]
            return String(name.prefix { $0 != "." })
        }
    }

    private static let accessLevels: Set<Substring> = ["public", "package", "internal", "private", "fileprivate"]

    @Test func `the checkout is where this test looks`() {
        #expect(Self.swiftFiles.count > 100)
    }

    @Test func `every target has its row`() {
        let targets = Set(Self.swiftFiles.map(Self.target)).subtracting(Layers.owners.keys)
        for target in targets.sorted() {
            #expect(Layers.rows[target] != nil || Layers.assembled.contains(target), "no row for \(target)")
        }
    }

    @Test func `a target imports nothing outside its row`() {
        for path in Self.swiftFiles {
            let target = Self.target(of: path)
            guard let row = Layers.rows[target] else { continue }
            for module in Self.imports(of: path) where module != "Synchronization" {
                let isAllowed = row.contains(module) || Layers.owners[module] == target
                #expect(isAllowed, "\(path) imports \(module), which is not in the row of \(target)")
            }
        }
    }

    @Test func `what decides touches neither sockets nor time nor files`() {
        for path in Self.swiftFiles where Layers.pure.contains(Self.target(of: path)) {
            let system = Set(Self.imports(of: path)).intersection(Layers.system)
                .subtracting(Layers.formats[path] ?? [])
            #expect(system.isEmpty, "\(path) imports \(system.sorted())")
        }
    }

    @Test func `nobody imports Foundation`() {
        for path in Self.swiftFiles { #expect(!Self.imports(of: path).contains("Foundation"), "\(path)") }
    }

    @Test func `each C module is imported by the one target that owns it`() {
        for path in Self.swiftFiles {
            for module in Self.imports(of: path) {
                guard let owner = Layers.owners[module] else { continue }
                #expect(Self.target(of: path) == owner, "\(path) imports \(module), which belongs to \(owner)")
            }
        }
    }

    @Test func `no file is longer than 400 lines`() {
        for path in Self.allFiles where path.hasSuffix(".swift") && path != "Package.swift" {
            let count = SourceTree.lines(of: path).count - 1
            #expect(count <= 400, "\(path) has \(count) lines")
        }
    }

    @Test func `no file names a place on somebody's machine`() {
        for path in Self.allFiles {
            let text = SourceTree.text(of: path)
            for place in ["/home" + "/", "/Users" + "/", "/root" + "/", "/tmp" + "/team"] {
                #expect(!text.contains(place), "\(path) names \(place)")
            }
        }
    }

    @Test func `what the compiler does not check is confined, and explained where it stands`() {
        for path in Self.swiftFiles {
            let lines = SourceTree.lines(of: path)
            for (index, line) in lines.enumerated() {
                guard line.contains("@unchecked " + "Sendable") || line.contains("nonisolated(" + "unsafe)"),
                    !line.hasPrefix("//")
                else { continue }
                let isExplained = lines[max(0, index - 6)...index].contains { $0.contains("//") }
                #expect(isExplained, "\(path):\(index + 1) says not why")
            }
        }
    }

    @Test(arguments: ["try" + "! ", "fatal" + "Error(", "TO" + "DO", "FIX" + "ME", " as" + "! "])
    func `Sources hold nothing that traps on input or is left for later`(text: String) {
        for path in Self.swiftFiles {
            #expect(!SourceTree.text(of: path).contains(text), "\(path) says \(text)")
        }
    }

    @Test func `a decider has no async and no lock`() {
        for path in Self.swiftFiles where Layers.deciders.contains(Self.target(of: path)) {
            for word in [" async ", "await ", "Mutex", "NSLock", "actor "] {
                let isSaid = SourceTree.lines(of: path).contains { line in
                    line.contains(word) && !line.drop { $0 == " " }.hasPrefix("//")
                }
                #expect(!isSaid, "\(path) says \(word)")
            }
        }
    }
}
