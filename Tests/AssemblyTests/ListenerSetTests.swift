import Administration
import Configuration
import EventLoops
import Federation
import Glibc
import TestSupport
import Testing

@testable import Assembly
@testable import Diagnostics

@Suite("the sockets of a daemon")
struct ListenerSetTests {
    /// A socket of the kind that a service manager passes.
    private static func listeningDescriptor() -> Int32 {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Without a bind(2) the system chooses a port.
        listen(number, 16)
        return number
    }

    private static func passed(_ names: String, first: Int32) -> PassedSockets {
        PassedSockets(
            environment: [
                "LISTEN_PID": "7", "LISTEN_FDS": "\(names.split(separator: ":").count)", "LISTEN_FDNAMES": names,
            ], processID: 7, first: first)
    }

    private static func settings() throws -> ListenSettings {
        var settings = ListenSettings()
        settings.s2s = []
        settings.s2sDirectTLS = []
        settings.component = []
        let unused = try Endpoint.unused(on: .unused())
        settings.http = [try #require(ConfiguredAddress("\(unused)"))]
        return settings
    }

    @Test func `a socket passed by the name http takes the place of its addresses`() throws {
        let descriptor = Self.listeningDescriptor()
        let settings = try Self.settings()
        let set = try ListenerSet(settings, passed: Self.passed("http", first: descriptor))
        #expect(set.http.count == 1 && set.listeners.s2s.isEmpty)
        let description = try #require(set.descriptions.first)
        #expect(description.name == "http" && description.passed && description.up)
        #expect(description.address != settings.http[0].description)
        set.http[0].close()
    }

    @Test func `without one the addresses are bound, and one that is taken is a fault by its key`() throws {
        let settings = try Self.settings()
        let set = try ListenerSet(settings, passed: PassedSockets(environment: [:]))
        #expect(set.descriptions.map(\.address) == [settings.http[0].description])
        #expect {
            try ListenerSet(settings, passed: PassedSockets(environment: [:]))
        } throws: { error in
            (error as? ListenerFailures)?.reasons.first?.hasPrefix("listen.http: ") == true
        }
        set.http[0].close()
    }
}
