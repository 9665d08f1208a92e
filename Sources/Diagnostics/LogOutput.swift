internal import Dispatch
internal import Glibc
public import Logging
internal import Synchronization

/// Where log records go, in which form, and from which level on; one for the process, handed to whoever logs.
///
/// A record costs its writer the text and one append: a thread of its own writes to the descriptor, so a terminal or a
/// journal that is slow does not stop an event loop. When more than ``backlogLimit`` bytes wait, records are dropped,
/// and the next one that fits says how many.
public final class LogOutput: Sendable {
    /// How many bytes may wait for the descriptor.
    public static let backlogLimit = 1_048_576

    private struct Backlog {
        var bytes: [UInt8] = []
        var isBeingWritten = false
        var dropped = 0
    }

    private let descriptor: Int32
    private let threshold: Atomic<Int>
    private let isJSON: Atomic<Bool>
    private let backlog = Mutex(Backlog())
    private let writer = DispatchQueue(label: "ligase.log")

    /// Makes an output.
    ///
    /// - Parameter descriptor: Standard error unless a test asks otherwise; not closed here.
    public init(level: Logger.Level = .info, format: LogFormat = .text, descriptor: Int32 = 2) {
        self.descriptor = descriptor
        threshold = Atomic(Self.rank(of: level))
        isJSON = Atomic(format == .json)
    }

    /// Records below this level are not written; may be changed at any time, for every logger at once.
    public var level: Logger.Level {
        get {
            let rank = threshold.load(ordering: .relaxed)
            return Logger.Level.allCases.first { Self.rank(of: $0) == rank } ?? .info
        }
        set { threshold.store(Self.rank(of: newValue), ordering: .relaxed) }
    }

    /// The form of the records; may be changed at any time.
    public var format: LogFormat {
        get { isJSON.load(ordering: .relaxed) ? .json : .text }
        set { isJSON.store(newValue == .json, ordering: .relaxed) }
    }

    /// A logger that writes here.
    ///
    /// - Parameter component: The part of the daemon that speaks, such as `streams` or `dns`.
    public func logger(_ component: String) -> Logger {
        Logger(label: component) { _ in RecordWriter(output: self, component: component) }
    }

    /// Returns when every record so far has been written; for the end of the process.
    ///
    /// - Parameter seconds: How long to wait at most: a descriptor that nobody reads must not keep the process alive.
    /// - Returns: Whether everything was written.
    @discardableResult
    public func flush(waitingAtMost seconds: Int = 2) -> Bool {
        let written = DispatchSemaphore(value: 0)
        writer.async {
            self.writeBacklog()
            written.signal()
        }
        return written.wait(timeout: .now() + .seconds(seconds)) == .success
    }

    func write(_ record: LogRecord) {
        let line = record.line(as: format)
        let mustWake = backlog.withLock { backlog in
            guard backlog.bytes.count + line.count <= Self.backlogLimit else {
                backlog.dropped += 1
                return false
            }
            if backlog.dropped > 0 {
                backlog.bytes += LogRecord.loss(of: backlog.dropped, before: record).line(as: format)
                backlog.dropped = 0
            }
            backlog.bytes += line
            defer { backlog.isBeingWritten = true }
            return !backlog.isBeingWritten
        }
        if mustWake { writer.async { self.writeBacklog() } }
    }

    private func writeBacklog() {
        while true {
            let bytes = backlog.withLock { backlog in
                let bytes = backlog.bytes
                backlog.bytes = []
                backlog.isBeingWritten = !bytes.isEmpty
                return bytes
            }
            guard !bytes.isEmpty else { return }
            writeAll(bytes)
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                } else if errno != EINTR {
                    // Nobody reads it any more, and there is no better place to say so.
                    return
                }
            }
        }
    }

    private static func rank(of level: Logger.Level) -> Int {
        switch level {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .notice: 3
        case .warning: 4
        case .error: 5
        case .critical: 6
        }
    }
}
