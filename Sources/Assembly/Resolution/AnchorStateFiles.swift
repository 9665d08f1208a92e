internal import Dispatch
internal import Glibc
internal import Logging
internal import NameResolution

/// What was learnt of changing trust anchors (RFC 5011), a file for each zone in the state directory.
final class AnchorStateFiles: Sendable {
    private let directory: String
    private let log: Logger?
    // Files are written off the resolver's loop, one after the other.
    private let queue = DispatchQueue(label: "trust anchor state")

    /// - Parameter log: Is told when a file cannot be written; nil for one who only reads.
    init(stateDirectory: String, log: Logger?) {
        directory = stateDirectory
        self.log = log
    }

    /// What was kept under a name; nil when nothing was, or it cannot be read, or others than its owner may have written
    /// it: the keys in it are believed like configured ones.
    func load(_ name: String) -> String? {
        let path = "\(directory)/\(name)"
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG, Self.isOwnersAlone(status), stat(directory, &status) == 0,
            Self.isOwnersAlone(status)
        else {
            log?.error("\(path) is not used: others than its owner may write it; chmod go-w it and its directory")
            return nil
        }
        guard let content = try? WholeFile.read(path) else { return nil }
        return String(decoding: content, as: UTF8.self)
    }

    private static func isOwnersAlone(_ status: stat) -> Bool { status.st_mode & (S_IWGRP | S_IWOTH) == 0 }

    /// Keeps a text under a name, wholly or not at all.
    func save(_ name: String, _ text: String) {
        queue.async { [directory, log] in
            do throws(WholeFile.WriteFailure) {
                try WholeFile.replace("\(directory)/\(name)", with: Array(text.utf8))
            } catch {
                log?.error("what was learnt of trust anchors is not kept: \(error)")
            }
        }
    }

    /// Waits until everything is written.
    func finish() {
        queue.sync {}
    }

    /// The anchors that count now: the configured ones with what was learnt of them.
    func current(_ configured: TrustAnchorSet, at wallClock: Int64) -> TrustAnchorSet {
        TrustAnchorSet(
            configured.all.compactMap { anchor in
                guard let saved = load(TrustAnchorRollover.fileName(for: anchor.zone)) else { return anchor }
                return TrustAnchorRollover(configured: anchor, saved: saved, at: wallClock).state.anchor
            })
    }
}
