import Glibc
import Logging
import Testing

@testable import Diagnostics

@Suite("Log output")
struct LogOutputTests {
    @Test func `a logger writes its facts and those of the record`() throws {
        let pipe = try Pipe()
        let output = LogOutput(level: .info, format: .text, descriptor: pipe.writing)
        var log = output.logger("streams")
        log[.stream] = "s17"
        log[.local] = "a.example"
        log.notice("proved", metadata: .facts([.prooftype: "dane", .local: "c.example", .reason: ""]))
        #expect(log[.stream] == "s17")
        log[.stream] = nil
        log.info("next", error: PipeFailure(code: 3))
        #expect(output.flush(waitingAtMost: 60))
        let lines = pipe.finish().split(separator: "\n").map { $0.dropFirst(25) }
        #expect(
            lines == [
                "notice proved local=c.example prooftype=dane stream=s17",
                "info next error=\"PipeFailure(code: 3)\" local=a.example",
            ])
    }

    @Test func `level and format change while loggers live`() throws {
        let pipe = try Pipe()
        let output = LogOutput(level: .warning, format: .text, descriptor: pipe.writing)
        let log = output.logger("streams")
        log.info("unseen")
        output.level = .trace
        output.format = .json
        #expect(output.level == .trace)
        #expect(output.format == .json)
        log.trace("seen")
        output.level = .critical
        log.error("unseen")
        #expect(output.flush(waitingAtMost: 60))
        let text = pipe.finish()
        #expect(text.split(separator: "\n").count == 1)
        #expect(text.contains("\"level\":\"trace\",\"component\":\"streams\",\"message\":\"seen\""))
    }

    @Test func `records of many threads stay whole`() async throws {
        let pipe = try Pipe()
        let output = LogOutput(descriptor: pipe.writing)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let log = output.logger("w\(writer)")
                    for index in 0..<200 { log.info("record", metadata: .facts([.count: "\(writer):\(index)"])) }
                }
            }
        }
        #expect(output.flush(waitingAtMost: 60))
        let lines = pipe.finish().split(separator: "\n")
        #expect(lines.count == 1_600)
        #expect(Set(lines.map { $0.dropFirst(25) }).count == 1_600)
    }

    @Test func `a descriptor that nobody reads stops no writer, and the loss is told`() throws {
        let pipe = try Pipe(isRead: false)
        let output = LogOutput(descriptor: pipe.writing)
        let log = output.logger("flood")
        let long = String(repeating: "x", count: 4_096)
        // The pipe takes 64 KiB and the backlog 1 MiB: half of these 2 MiB have to go.
        for _ in 0..<500 { log.info("flood", metadata: .facts([.reason: long])) }
        #expect(!output.flush(waitingAtMost: 0))
        pipe.reader.start()
        #expect(output.flush(waitingAtMost: 60))
        log.info("after")
        #expect(output.flush(waitingAtMost: 60))
        let lines = pipe.finish().split(separator: "\n")
        #expect(lines.count < 300)
        #expect(lines.contains { $0.contains("warning log records were lost count=") })
        #expect(lines.last?.hasSuffix("info after") == true)
    }

    @Test func `a descriptor that is gone loses records and nothing else`() {
        let output = LogOutput(descriptor: -1)
        output.logger("x").info("nobody hears this")
        #expect(output.flush(waitingAtMost: 60))
    }
}
