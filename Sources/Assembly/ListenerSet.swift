internal import Administration
internal import Configuration
internal import Diagnostics
internal import EventLoops
internal import Federation

/// The sockets of a daemon: passed by the service manager, or bound as the configuration says.
struct ListenerSet {
    private(set) var listeners = FederationService.Listeners()
    /// Metrics, health, status page, POSH documents.
    private(set) var http: [ListeningSocket] = []
    private(set) var descriptions: [StatusReply.Listener] = []

    /// Binds everything, or nothing.
    ///
    /// - Throws: Every listener that failed, named by its key.
    init(_ settings: ListenSettings, passed: PassedSockets) throws(ListenerFailures) {
        var failures: [String] = []
        listeners.s2s = open("s2s", settings.s2s, passed[.s2s], &failures)
        listeners.s2sDirectTLS = open("s2s_direct_tls", settings.s2sDirectTLS, passed[.s2sDirectTLS], &failures)
        listeners.component = open("component", settings.component, passed[.component], &failures)
        http = open("http", settings.http, passed[.http], &failures)
        guard failures.isEmpty else {
            for socket in listeners.s2s + listeners.s2sDirectTLS + listeners.component + http { socket.close() }
            throw ListenerFailures(reasons: failures)
        }
    }

    private mutating func open(
        _ name: String, _ addresses: [ConfiguredAddress], _ passed: [Int32], _ failures: inout [String]
    ) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        func keep(_ make: () throws(ListenFailure) -> ListeningSocket) {
            do throws(ListenFailure) {
                sockets.append(try make())
            } catch {
                failures.append("listen.\(name): \(error)")
            }
        }
        if passed.isEmpty {
            for address in addresses {
                guard let local = SocketAddress(octets: address.octets, port: address.port) else { continue }
                keep { () throws(ListenFailure) in try ListeningSocket.bind(to: local) }
            }
        } else {
            for descriptor in passed {
                keep { () throws(ListenFailure) in try ListeningSocket.adopt(descriptor: descriptor) }
            }
        }
        descriptions += sockets.map {
            StatusReply.Listener(
                name: name, address: $0.localAddress?.description ?? "", up: true, passed: !passed.isEmpty)
        }
        return sockets
    }
}

/// Listeners that could not be opened.
struct ListenerFailures: Error {
    let reasons: [String]
}
