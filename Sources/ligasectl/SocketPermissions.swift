internal import Glibc

/// Who may use a control socket.
enum SocketPermissions {
    /// What someone who may not can do about it.
    static func advice(for path: String) -> String {
        var information = stat()
        // A directory that may not be entered hides the socket, and its own group decides then.
        guard stat(path, &information) == 0 || stat(directory(of: path), &information) == 0 else {
            return "ask as root"
        }
        guard let group = groupName(of: information.st_gid), information.st_gid != 0 else { return "ask as root" }
        return "ask as root, or as a member of the group “\(group)” (“usermod -aG \(group) NAME”, then log in again)"
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func groupName(of identifier: gid_t) -> String? {
        getgrgid(identifier).flatMap { entry in entry.pointee.gr_name.map { String(cString: $0) } }
    }
}
