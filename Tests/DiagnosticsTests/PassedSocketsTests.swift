import Glibc
import Testing

@testable import Diagnostics

@Suite("Socket activation")
struct PassedSocketsTests {
    /// A number far from those that other tests of this process open.
    private static func number(_ distance: Int32) -> Int32 {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int32(clamping: min(limit.rlim_cur, 1 << 20)) - distance
    }

    /// Descriptors that stand in for those from 3 on, which belong to the test's own process.
    private func open(_ count: Int32, from first: Int32) -> [Int32] {
        (0..<count).map { fcntl(0, F_DUPFD, first + $0) }
    }

    @Test func `descriptors are found by their names, two under one, and closed on exec`() {
        let first = Self.number(100)
        let opened = open(5, from: first)
        defer { opened.forEach { close($0) } }
        #expect(opened == (0..<5).map { first + $0 })
        let sockets = PassedSockets(
            environment: [
                "LISTEN_PID": "7", "LISTEN_FDS": "5", "LISTEN_FDNAMES": "s2s:s2s-direct-tls:s2s:http:mystery",
            ], processID: 7, first: first)
        #expect(sockets[.s2s] == [first, first + 2])
        #expect(sockets[.s2sDirectTLS] == [first + 1])
        #expect(sockets[.http] == [first + 3])
        #expect(sockets[.component] == [])
        #expect(sockets.unknownNames == ["mystery"])
        #expect(opened.allSatisfy { fcntl($0, F_GETFD) & FD_CLOEXEC != 0 })
    }

    @Test func `without names, or with too few, a socket is unknown; one that does not exist is left out`() {
        let first = Self.number(50)
        let opened = open(2, from: first)
        defer { opened.forEach { close($0) } }
        let unnamed = PassedSockets(environment: ["LISTEN_PID": "7", "LISTEN_FDS": "1"], processID: 7, first: first)
        #expect(unnamed.descriptors == ["unknown": [first]])
        let half = PassedSockets(
            environment: ["LISTEN_PID": "7", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "component"], processID: 7,
            first: first)
        #expect(half.descriptors == ["component": [first], "unknown": [first + 1]])
    }

    @Test(arguments: [
        [:], ["LISTEN_FDS": "1"], ["LISTEN_PID": "8", "LISTEN_FDS": "1"], ["LISTEN_PID": "7"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "0"], ["LISTEN_PID": "7", "LISTEN_FDS": "-1"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "99999999999"], ["LISTEN_PID": "7", "LISTEN_FDS": "x"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "2147483647"],
    ])
    func `what is meant for another process, or is no count, passes nothing`(environment: [String: String]) {
        #expect(PassedSockets(environment: environment, processID: 7).descriptors.isEmpty)
    }
}
