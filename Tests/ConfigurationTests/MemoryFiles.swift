import Configuration

/// Files that exist only here; a pattern may hold one `*` in its last component.
struct MemoryFiles {
    var contents: [String: String]

    var reader: FileReader {
        let contents = contents
        return FileReader(
            contents: { path throws(FileReader.Failure) in
                guard let text = contents[path] else { throw FileReader.Failure(reason: "No such file or directory") }
                return Array(text.utf8)
            },
            matches: { pattern throws(FileReader.Failure) in
                guard !pattern.contains("forbidden") else { throw FileReader.Failure(reason: "Permission denied") }
                let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
                guard parts.count == 2 else { return contents.keys.contains(pattern) ? [pattern] : [] }
                return contents.keys.filter { $0.hasPrefix(parts[0]) && $0.hasSuffix(parts[1]) }.sorted()
            })
    }
}

/// A tenant that needs nothing else.
let tenant = """

    [[domain]]
    name = "a.example"
    backend = "builtin"

    """

/// Loads `text` as `/etc/ligase/ligase.toml`, beside `others`.
func load(
    _ text: String, others: [String: String] = [:], features: BuiltFeatures = .everything
) throws(ConfigurationErrors) -> Configuration {
    let file = "/etc/ligase/ligase.toml"
    let files = MemoryFiles(contents: others.merging([file: text]) { _, main in main })
    return try Configuration.load(file: file, reading: files.reader, features: features)
}

/// The faults of `text`, none where it loads.
func faults(
    of text: String, others: [String: String] = [:], features: BuiltFeatures = .everything
) -> [ConfigurationError] {
    do {
        _ = try load(text, others: others, features: features)
        return []
    } catch {
        return error.errors
    }
}

/// A build in which much is missing.
let partlyBuilt: BuiltFeatures = [
    .pkix, .componentBackend, .builtinBackend, .staticRoutes, .directTLS, .revocationLists, .formerDomains,
    .remoteTrustAnchors,
]
