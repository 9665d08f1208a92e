internal import Glibc

/// A directory of the test's own, removed with all that is in it when the value goes.
public final class TemporaryDirectory {
    /// The absolute path, without a slash at its end.
    public let path: String

    /// Makes a directory that only this user can enter.
    public init(named name: String = "ligase") throws(HarnessFailure) {
        // Short, because a Unix socket's path ends at 107 bytes.
        var template = Array("/tmp/\(name).XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard made else { throw .systemCall("mkdtemp", code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// The absolute path of `name` in this directory, which need not exist.
    public func path(of name: String) -> String { "\(path)/\(name)" }

    /// Makes a directory inside, and returns its path.
    @discardableResult
    public func makeDirectory(_ name: String) throws(HarnessFailure) -> String {
        guard mkdir(path(of: name), 0o700) == 0 else { throw .systemCall("mkdir \(name)", code: errno) }
        return path(of: name)
    }

    /// Writes a file that only this user can read, in place of any there was, and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws(HarnessFailure) -> String {
        let file = Descriptor(open(path(of: name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        guard file.number >= 0 else { throw .systemCall("open \(name)", code: errno) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .systemCall("write \(name)", code: errno) }
            rest = rest.dropFirst(count)
        }
        return path(of: name)
    }

    private static func remove(_ path: String) {
        guard let directory = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            var status = stat()
            let inside = "\(path)/\(name)"
            // Not followed, so that a link out of the directory costs nothing outside it.
            if lstat(inside, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                remove(inside)
            } else {
                unlink(inside)
            }
        }
        closedir(directory)
        rmdir(path)
    }
}
