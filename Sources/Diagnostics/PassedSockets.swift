internal import Glibc

/// Listening sockets that systemd opened and passed on.
///
/// Descriptors are marked close-on-exec; they belong to whoever takes them.
/// - SeeAlso: sd_listen_fds(3), systemd.socket(5) `FileDescriptorName=`.
public struct PassedSockets: Hashable, Sendable {
    /// The names that Ligase knows.
    public enum Name: String, CaseIterable, Sendable {
        /// STARTTLS.
        case s2s
        /// XEP-0368.
        case s2sDirectTLS = "s2s-direct-tls"
        /// XEP-0114.
        case component
        /// S2S from the servers behind Ligase.
        case inside
        /// Metrics, health, status page, POSH documents.
        case http
    }

    /// The descriptors by their `FileDescriptorName=`, in the order in which they were passed.
    public let descriptors: [String: [Int32]]

    /// Where systemd begins to count (SD_LISTEN_FDS_START).
    private static let firstDescriptor: Int32 = 3

    /// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`; nothing when they are meant for another process.
    ///
    /// - Parameters:
    ///   - environment: The variables of the process.
    ///   - processID: Nil for this process.
    public init(environment: [String: String] = ProcessEnvironment.variables, processID: Int32? = nil) {
        self.init(environment: environment, processID: processID ?? getpid(), first: Self.firstDescriptor)
    }

    init(environment: [String: String], processID: Int32, first: Int32) {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == processID,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), (1...1_024).contains(count)
        else {
            descriptors = [:]
            return
        }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        var found: [String: [Int32]] = [:]
        for index in 0..<count {
            let descriptor = first + index
            let flags = fcntl(descriptor, F_GETFD)
            guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) >= 0 else { continue }
            let name = Int(index) < names.count && !names[Int(index)].isEmpty ? String(names[Int(index)]) : "unknown"
            found[name, default: []].append(descriptor)
        }
        descriptors = found
    }

    /// The descriptors for a listener of ours.
    public subscript(name: Name) -> [Int32] { descriptors[name.rawValue] ?? [] }

    /// Names that no listener of ours has, sorted; an operator should hear of them.
    public var unknownNames: [String] {
        descriptors.keys.filter { Name(rawValue: $0) == nil }.sorted()
    }
}
