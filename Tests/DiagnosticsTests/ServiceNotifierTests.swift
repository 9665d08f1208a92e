import Glibc
import Testing

@testable import Diagnostics

@Suite("sd_notify")
struct ServiceNotifierTests {
    @Test(arguments: [false, true])
    func `messages arrive on a path and on an abstract name`(isAbstract: Bool) throws {
        let socket = try DatagramSocket(isAbstract: isAbstract)
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.name])
        #expect(notifier.isActive)
        try notifier.send(.ready(status: "3 listeners"))
        #expect(socket.receive() == "READY=1\nSTATUS=3 listeners")
        try notifier.send(.status("2 streams\nREADY=1\u{1B}"))
        #expect(socket.receive() == "STATUS=2 streams\\nREADY=1\\u001b")
        try notifier.send(.stopping(status: "draining"))
        #expect(socket.receive() == "STOPPING=1\nSTATUS=draining")
        try notifier.send(.watchdog)
        #expect(socket.receive() == "WATCHDOG=1")
    }

    @Test func `a reload carries the monotonic time at which it began`() throws {
        let socket = try DatagramSocket(isAbstract: true)
        try ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.name]).send(.reloading)
        let lines = socket.receive().split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let time = try #require(lines.last?.split(separator: "=").last.flatMap { Int64($0) })
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
        #expect((microseconds - 10_000_000...microseconds).contains(time))
    }

    @Test(arguments: [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "@"], ["NOTIFY_SOCKET": "relative"]])
    func `where nobody asks nothing is said`(environment: [String: String]) throws {
        let notifier = ServiceNotifier(environment: environment)
        #expect(!notifier.isActive)
        try notifier.send(.ready(status: ""))
    }

    @Test func `a name that is too long is not used`() {
        let name = "/" + String(repeating: "x", count: 108)
        #expect(!ServiceNotifier(environment: ["NOTIFY_SOCKET": name]).isActive)
    }

    @Test func `a socket that is gone is an error that names it`() {
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": "/nonexistent/notify"])
        do throws(NotificationFailure) {
            try notifier.send(.watchdog)
            Issue.record("sent")
        } catch {
            #expect(error.code == ENOENT)
            #expect(error.description.contains("/nonexistent/notify"))
        }
    }

    @Test(
        arguments: [
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], 30_000_000),
            (["WATCHDOG_USEC": "30000000"], 30_000_000),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "x"], nil), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
        ] as [([String: String], Int64?)])
    func `the watchdog's interval is for one process`(environment: [String: String], interval: Int64?) {
        #expect(ServiceNotifier(environment: environment, processID: 7).watchdogInterval == interval)
    }
}
