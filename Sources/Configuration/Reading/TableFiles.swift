internal import XMPPModel

/// Paths, which are relative to the file that holds them.
extension TableReader {
    /// A path that is not a file to read, as that of a socket.
    func path(_ key: String) -> String? {
        guard let text = string(key) else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            error(key, text.isEmpty ? "is empty" : "holds a NUL", mend: "write a path")
            return nil
        }
        return relativeToFile(text)
    }

    /// A file that is noted as `purpose`, also where the default names it.
    func file(_ key: String, for purpose: ReferencedFile.Purpose, default fallback: String) -> String {
        let written = path(key)
        let path = written ?? relativeToFile(fallback)
        refer(path, purpose, key)
        return path
    }

    /// A file that need not be named.
    func optionalFile(_ key: String, for purpose: ReferencedFile.Purpose, of domain: DomainName? = nil) -> String? {
        guard let path = path(key) else { return nil }
        refer(path, purpose, key, domain)
        return path
    }

    /// A list of files.
    func files(
        _ key: String, for purpose: ReferencedFile.Purpose, of domain: DomainName? = nil
    ) -> [String] {
        let paths = list(key) { (text: String) -> ElementReading<String> in
            guard !text.isEmpty, !text.utf8.contains(0) else {
                return .refused("is not a path", mend: "write the path of a file")
            }
            return .accepted(self.relativeToFile(text))
        }
        for path in paths ?? [] { refer(path, purpose, key, domain) }
        return paths ?? []
    }

    /// `"system"` or a file; `nil` when the key is not set or is empty.
    func trustAnchors(_ key: String, for purpose: ReferencedFile.Purpose) -> TrustAnchors? {
        guard let text = string(key), !text.isEmpty else { return nil }
        if text == "system" { return .system }
        return optionalFile(key, for: purpose).map { .file($0) }
    }

    /// Reports when only one of two keys is set that belong together.
    func pair(_ first: String, _ second: String) {
        if isSet(first), !isSet(second) { error(first, "has no \(second) beside it", mend: "add \(second) = \"…\"") }
        if isSet(second), !isSet(first) { error(second, "has no \(first) beside it", mend: "add \(first) = \"…\"") }
    }

    private func refer(
        _ path: String, _ purpose: ReferencedFile.Purpose, _ key: String, _ domain: DomainName? = nil
    ) {
        refer(
            ReferencedFile(
                path: path, purpose: purpose, keyPath: keyPath(key), position: isSet(key) ? place(of: key) : nil,
                domain: domain))
    }
}
