internal import Glibc

/// Programs that run to their end while the test waits.
public enum Program {
    /// Runs a program, and returns what it wrote to standard output and error.
    ///
    /// - Throws: ``HarnessFailure/programEnded(_:log:)`` if its exit code is not 0.
    @discardableResult
    public static func run(
        _ executable: String, _ arguments: [String], within limit: Duration = .seconds(30)
    ) throws(HarnessFailure) -> String {
        let directory = try TemporaryDirectory(named: "program")
        let process = try ChildProcess(executable, arguments: arguments, logFile: directory.path(of: "log"))
        let status = try process.waitForExit(within: limit)
        let log = process.log
        guard status == .exited(code: 0) else {
            throw .programEnded("\(executable) \(arguments.joined(separator: " ")) (\(status))", log: log)
        }
        return log
    }

    /// The directory of the running executable, which is where SwiftPM puts every program of the package.
    public static func directoryOfThisProgram() throws(HarnessFailure) -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw .systemCall("readlink /proc/self/exe", code: errno) }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
