import EventLoops
import HTTPExchange
import Synchronization
import TestSupport

/// A server on a loop of its own that says what it was asked, at once or, below `/later`, after a while.
final class ServerUnderTest: Sendable {
    let endpoint: Endpoint
    private let server: LoopReference<HTTPServer>
    /// What `/held` waits for.
    let gate = Gate()

    init(_ limits: HTTPServerLimits = HTTPServerLimits(), unixSocket: String? = nil) throws {
        let loop = try EventLoop(name: "http server")
        let address = LoopbackAddress.unused()
        let socket =
            if let unixSocket {
                try ListeningSocket.bind(toUnixSocket: unixSocket)
            } else {
                try ListeningSocket.bind(to: try Endpoint.unused(on: address).socketAddress)
            }
        endpoint = Endpoint(address, port: socket.localAddress?.port ?? 0)
        let gate = gate
        server = try loop.run {
            let server = try HTTPServer(on: loop, limits: limits) { Self.decide($0, gate) }
            try server.listen(socket)
            return LoopReference(server, on: loop)
        }
    }

    deinit {
        stop()
        server.loop.stop()
    }

    private static func decide(_ request: HTTPServerRequest, _ gate: Gate) -> HTTPServerDecision {
        let text = "\(request.method) \(request.target) \(request.values(of: "host")) \(request.hasContent)\n"
        let response = HTTPServerResponse(
            status: 200, fields: [HTTPField("X-Test", "yes"), HTTPField("X-Evil", "a\r\nb")], body: Array(text.utf8))
        switch request.target {
        case "/later":
            return .find {
                await Task.yield()
                return response
            }
        case "/held":
            return .find {
                await gate.wait()
                return response
            }
        case "/large":
            return .answer(HTTPServerResponse(status: 200, body: [UInt8](repeating: 0x61, count: 4_000_000)))
        default: return .answer(response)
        }
    }

    var connections: Int { server.run { $0.connectionCount } }

    func stop() { server.run { $0.stop() } }
}

/// Lets nobody through until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

extension Endpoint {
    var socketAddress: SocketAddress {
        SocketAddress(octets: address.description.split(separator: ".").compactMap { UInt8($0) }, port: port)
            ?? .loopbackIPv4(port: port)
    }
}
