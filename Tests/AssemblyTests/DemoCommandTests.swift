import TestSupport
import Testing

/// `ligasectl demo` as a program.
@Suite("ligasectl demo")
struct DemoCommandTests {
    @Test(arguments: ["", "--json "])
    func `nothing is left behind, not even when nobody reads to the end`(flag: String) async throws {
        try await script {
            let directory = try TemporaryDirectory()
            let folder = try directory.makeDirectory("t")
            let program = try "\(Program.directoryOfThisProgram())/ligasectl"
            let process = try ChildProcess(
                "/bin/sh",
                arguments: ["-c", "{ \"$0\" demo \(flag); echo \"status $?\" >&2; } | head -n 1", program],
                environment: ["TMPDIR": folder], logFile: directory.path(of: "log"))
            #expect(try process.waitForExit(within: .seconds(30)) == .exited(code: 0), "\(process.log)")
            #expect(process.log.contains("status 0"), "\(process.log)")
            #expect(process.log.hasPrefix(flag.isEmpty ? "Ligase " : "{"))
            let names = try ChildProcess(
                "/bin/ls", arguments: ["-A", folder], logFile: directory.path(of: "names"))
            #expect(try names.waitForExit(within: .seconds(5)) == .exited(code: 0))
            #expect(names.log.isEmpty, "\(names.log)")
        }
    }
}
