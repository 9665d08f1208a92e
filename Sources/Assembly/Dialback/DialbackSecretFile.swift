internal import Glibc

/// The dialback secret of a daemon whose configuration names none: made once, and kept in the state directory.
enum DialbackSecretFile {
    /// Why the daemon does not go on without the secret that it had.
    struct Damage: Error {
        let path: String
        let reason: String

        /// What an operator does about it.
        let mend =
            "put the file back from a backup or let the daemon's user read it; remove it, and the next start makes another "
            + "secret"
    }

    /// Hexadecimal digits: as many as `ligasectl dialback-key` prints.
    private static let digits = 64

    /// Where a daemon keeps it.
    static func path(in stateDirectory: String) -> String { stateDirectory + "/dialback-secret" }

    /// What is kept; nil when nothing is yet.
    ///
    /// Whoever reads never writes, so that a configuration can be checked beside a running daemon.
    ///
    /// - Throws: ``Damage``; another secret would silently break what the servers of a group, or peers that ask about keys of
    ///   before a restart, rest on.
    static func load(_ path: String) throws(Damage) -> String? {
        let content: [UInt8]
        do throws(WholeFile.Failure) {
            content = try WholeFile.read(path, limit: 4096)
        } catch {
            if access(path, F_OK) != 0, errno == ENOENT { return nil }
            throw Damage(path: path, reason: "cannot be read: \(error.reason)")
        }
        let line = content.prefix { $0 != 0x0A }
        let isWhole = line.count == digits && content.count <= digits + 1
        guard isWhole, line.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            throw Damage(path: path, reason: "is damaged: a secret is \(digits) hexadecimal digits")
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Keeps a secret, readable by the daemon's user alone.
    ///
    /// - Returns: False when another daemon with this directory kept one before; that one counts.
    /// - Throws: ``WholeFile/WriteFailure`` in the words of the system.
    static func keep(_ secret: String, at path: String) throws(WholeFile.WriteFailure) -> Bool {
        try WholeFile.create(path, with: Array((secret + "\n").utf8))
    }

    /// Whether others than the daemon's user may read it.
    static func isExposed(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }
}
