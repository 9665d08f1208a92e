internal import Glibc
internal import Logging

/// The face of ``LogOutput`` that swift-log knows: one for each logger, with its metadata.
struct RecordWriter: LogHandler {
    let output: LogOutput
    let component: String
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// A level of this logger's own, above or below the common one.
    private var ownLevel: Logger.Level?

    init(output: LogOutput, component: String) {
        self.output = output
        self.component = component
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? output.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        if let error = event.error { all["error"] = .string("\(error)") }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        output.write(
            LogRecord(
                seconds: Int64(now.tv_sec), milliseconds: Int(now.tv_nsec / 1_000_000), level: event.level.rawValue,
                component: component, message: event.message.description,
                facts: all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }))
    }
}
