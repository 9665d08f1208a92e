internal import Glibc

/// The temporary folder that holds everything of one demonstration; nobody else may look into it.
struct StageFolder: Sendable {
    let path: String

    /// Makes the folder.
    ///
    /// - Parameter parent: An absolute path; nil for `TMPDIR`, or `/tmp`.
    /// - Throws: ``StageFailure/folder(path:reason:)``.
    init(in parent: String? = nil) throws(StageFailure) {
        // The path of a control socket in it has to fit into 107 bytes, which a long TMPDIR would not leave.
        let configured = parent ?? getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let parent = configured.hasPrefix("/") && configured.utf8.count <= 60 ? configured : "/tmp"
        var template = Array("\(parent)/ligase-demo.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw .folder(path: parent, reason: String(cString: strerror(errno)))
        }
        path = String(cString: made)
    }

    /// Makes a folder in it.
    func makeFolder(_ name: String) throws(StageFailure) -> String {
        let whole = path + "/" + name
        guard mkdir(whole, 0o700) == 0 else {
            throw .folder(path: whole, reason: String(cString: strerror(errno)))
        }
        return whole
    }

    /// Writes a file in it.
    func write(_ content: some Collection<UInt8>, to name: String) throws(StageFailure) {
        let whole = path + "/" + name
        let descriptor = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(path: whole, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let bytes = Array(content)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .folder(path: whole, reason: String(cString: strerror(errno))) }
            written += count
        }
    }

    /// Removes the folder with all that is in it.
    func remove() { Self.remove(path) }

    private static func remove(_ folder: String) {
        for name in names(in: folder) {
            let path = folder + "/" + name
            // A link is removed and never followed.
            if unlink(path) != 0 { remove(path) }
        }
        rmdir(folder)
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
