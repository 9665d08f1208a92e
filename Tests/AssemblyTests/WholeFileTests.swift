import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Assembly

@Suite("files that are written as a whole")
struct WholeFileTests {
    @Test func `of two daemons with one directory each leaves a whole file`() throws {
        let directory = try TemporaryDirectory(named: "whole-file")
        let file = directory.path(of: "known-keys")
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 64) { number in
            let content = [UInt8](repeating: UInt8(number), count: 10_000 + number)
            do throws(WholeFile.WriteFailure) {
                try WholeFile.replace(file, with: content)
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let content = try WholeFile.read(file)
        #expect(content.count == 10_000 + Int(content.first ?? 0) && Set(content).count == 1)
        // Where nothing can be written the old file stays.
        #expect(throws: WholeFile.WriteFailure.self) { try WholeFile.replace("\(file)/known-keys", with: [1]) }
        #expect(try WholeFile.read(file) == content)
    }
}
