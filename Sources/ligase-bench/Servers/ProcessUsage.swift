internal import Glibc

/// What a process group has used so far.
struct ProcessUsage {
    /// Processor time in user and system mode, seconds.
    private(set) var processorSeconds = 0.0
    /// Resident memory, bytes.
    private(set) var residentBytes = 0

    /// What one process has used.
    init(process: pid_t) {
        self.init(of: [process]) { _ in true }
    }

    init(group: pid_t) {
        self.init(of: Self.processes()) { $0 == group }
    }

    private init(of processes: [pid_t], where isMember: (pid_t) -> Bool) {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let page = sysconf(Int32(_SC_PAGESIZE))
        for identifier in processes {
            // After the name in parentheses: state, parent, group; user and system time are fields 14 and 15.
            guard let text = Self.text("/proc/\(identifier)/stat"), let name = text.lastIndex(of: ")") else { continue }
            let fields = text[text.index(after: name)...].split(separator: " ")
            guard fields.count > 21, let group = pid_t(fields[2]), isMember(group) else { continue }
            processorSeconds += ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / ticks
            residentBytes += (Int(fields[21]) ?? 0) * page
        }
    }

    private static func processes() -> [pid_t] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let identifier = pid_t(name) { found.append(identifier) }
        }
        return found
    }

    private static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
