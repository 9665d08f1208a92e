internal import Configuration
internal import Diagnostics
internal import Dispatch
internal import DomainAssociation
internal import Federation
internal import Glibc
internal import Logging
internal import Synchronization
internal import XMPPModel

/// Keeps the keys that remote domains were proved with in one file of the state directory.
final class KeyFile: Sendable {
    /// Why the daemon does not begin without what it knew.
    struct Damage: Error, CustomStringConvertible {
        let path: String
        let reason: String

        var description: String {
            "\(path): \(reason): the keys of remote domains are not known any more, and key_change is \"refuse\"; "
                + "put the file back from a backup, or remove it so that every domain's next key is accepted"
        }
    }

    /// The keys, which every change of is written.
    let knownKeys: KnownKeys

    private let writer: Writer

    /// How long changes are collected before they are written, so that a crowd of domains costs one file.
    private static let delay = DispatchTimeInterval.seconds(10)
    /// The file of a full memory is shorter.
    private static let limit = 64 * 1_048_576

    /// Reads the file.
    ///
    /// A file that cannot be understood is set aside beside its place, and reported: what is known of keys begins anew. Where
    /// an unexplained key is refused that would silently accept every key once, and is the operator's to decide.
    ///
    /// - Parameters:
    ///   - isRefusing: Whether the policy refuses unexplained keys of any domain.
    ///   - delay: How long changes are collected.
    /// - Throws: ``Damage``.
    init(
        stateDirectory: String, isRefusing: Bool, log: Logger, delay: DispatchTimeInterval = KeyFile.delay
    ) throws(Damage) {
        let path = stateDirectory + "/known-keys"
        let memory = try Self.load(path, isRefusing: isRefusing, log: log)
        let writer = Writer(path: path, delay: delay, log: log)
        self.writer = writer
        knownKeys = KnownKeys(memory) { writer.expect() }
        writer.use(knownKeys)
    }

    /// The keys that a daemon with this directory knows a domain by, for who only looks; nil where they cannot be read.
    static func keys(of domain: DomainName, in stateDirectory: String) -> [KnownKey]? {
        let path = stateDirectory + "/known-keys"
        do {
            return try KeyMemory(text: String(decoding: WholeFile.read(path, limit: limit), as: UTF8.self))
                .keys(of: domain)
        } catch {
            return access(path, F_OK) != 0 && errno == ENOENT ? [] : nil
        }
    }

    private static func load(_ path: String, isRefusing: Bool, log: Logger) throws(Damage) -> KeyMemory {
        let reason: String
        do {
            return try KeyMemory(text: String(decoding: WholeFile.read(path, limit: limit), as: UTF8.self))
        } catch let failure as WholeFile.Failure {
            if access(path, F_OK) != 0, errno == ENOENT { return KeyMemory() }
            reason = failure.reason
        } catch {
            reason = "\(error)"
        }
        guard !isRefusing else { throw Damage(path: path, reason: reason) }
        rename(path, path + ".damaged")
        log.error(
            "the keys of remote domains cannot be read, and are learnt anew",
            metadata: .facts([
                .file: path, .reason: reason, .fix: "a changed key goes unnoticed once; see \(path).damaged",
            ]))
        return KeyMemory()
    }

    /// Writes what has not been written yet, and waits until it is.
    func finish() { writer.finish() }

    /// Writes off the loops, one file after the other.
    private final class Writer: Sendable {
        private let queue = DispatchQueue(label: "known keys")
        private let path: String
        private let delay: DispatchTimeInterval
        private let log: Logger
        private let keys = Mutex<KnownKeys?>(nil)

        init(path: String, delay: DispatchTimeInterval, log: Logger) {
            self.path = path
            self.delay = delay
            self.log = log
        }

        /// The disk may have room again by then.
        private static let retryDelay = DispatchTimeInterval.seconds(60)

        func use(_ knownKeys: KnownKeys) { keys.withLock { $0 = knownKeys } }

        func expect() { queue.asyncAfter(deadline: .now() + delay) { [self] in write() } }

        func finish() {
            queue.sync { write() }
            keys.withLock { $0 = nil }
        }

        private func write() {
            guard let knownKeys = keys.withLock({ $0 }), let memory = knownKeys.takeChanges() else { return }
            do throws(WholeFile.WriteFailure) {
                try WholeFile.replace(path, with: Array(memory.text.utf8))
            } catch {
                log.error("the keys of remote domains are not kept", metadata: .facts([.reason: "\(error)"]))
                knownKeys.putChangesBack()
                queue.asyncAfter(deadline: .now() + Self.retryDelay) { [self] in write() }
            }
        }
    }
}

extension Configuration {
    /// Whether any remote domain is refused for a key that nothing explains.
    var refusesKeyChanges: Bool {
        federation.keyChange == .refuse || remotes.contains { $0.overrides.keyChange == .refuse }
    }
}
