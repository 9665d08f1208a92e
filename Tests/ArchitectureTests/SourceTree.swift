import Glibc
import TestSupport

/// The files of the checkout that this test was built from.
enum SourceTree {
    /// The folder of the package.
    static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// Every file below a folder of the package, as a path from the package's folder, in order.
    static func files(below folder: String, endingIn suffixes: String...) -> [String] {
        entries(of: folder).flatMap { entry -> [String] in
            let path = folder + "/" + entry.name
            if entry.isFolder { return suffixes.flatMap { files(below: path, endingIn: $0) } }
            return suffixes.contains { path.hasSuffix($0) } ? [path] : []
        }
    }

    /// The text of a file.
    static func text(of path: String) -> String { contents(ofFile: root + "/" + path) }

    /// The lines of a file.
    static func lines(of path: String) -> [Substring] {
        text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The folders directly below a folder.
    static func folders(below folder: String) -> [String] {
        entries(of: folder).filter(\.isFolder).map(\.name)
    }

    private static func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
        guard let directory = opendir(root + "/" + folder) else { return [] }
        defer { closedir(directory) }
        var entries: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            var facts = stat()
            guard lstat(root + "/" + folder + "/" + name, &facts) == 0 else { continue }
            entries.append((name, facts.st_mode & S_IFMT == S_IFDIR))
        }
        return entries.sorted { $0.name < $1.name }
    }
}
