import Glibc

/// A fresh folder of a test.
struct EmptyFolder {
    let path: String

    struct Failure: Error {
        let code: Int32
    }

    init() throws {
        var template = Array("/tmp/ligase-test.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(code: errno) }
        path = String(cString: made)
    }

    /// What is in it.
    var names: [String] {
        guard let directory = opendir(path) else { return ["the folder itself cannot be read"] }
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

    /// To be called when it is empty again.
    func remove() { rmdir(path) }
}
