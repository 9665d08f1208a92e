import EventLoops
import HTTPExchange
import HTTPTestSupport
import TransportSecurity

/// A client on a loop that a test asks from outside.
final class Fetcher: Sendable {
    let loop: EventLoop
    private let confined: Confined

    // Unchecked: the client is made on the loop and touched only in blocks that run there.
    private struct Confined: @unchecked Sendable {
        let client: HTTPClient
    }

    init(limits: HTTPClientLimits = HTTPClientLimits()) throws {
        let loop = try EventLoop(name: "fetcher")
        self.loop = loop
        confined = loop.run { Confined(client: HTTPClient(on: loop, limits: limits)) }
    }

    deinit {
        loop.run { confined.client.shutDown() }
        loop.stop()
    }

    func fetch(_ request: HTTPRequest) async -> Result<HTTPResponse, HTTPFailure> {
        await withCheckedContinuation { continuation in
            loop.execute { self.confined.client.perform(request) { continuation.resume(returning: $0) } }
        }
    }

    /// Runs on the loop, with the client.
    func run<Result: Sendable>(_ body: @Sendable (HTTPClient) -> Result) -> Result {
        loop.run { body(confined.client) }
    }
}

/// What most tests ask with: the right name, the right authority, and patience for a busy machine.
func request(
    _ method: HTTPMethod = .get, _ url: String = "https://web.example/", at server: ScriptedHTTPSServer,
    pins: [[UInt8]] = [], credential: HTTPCredential? = nil
) throws -> HTTPRequest {
    HTTPRequest(
        method, try HTTPURL(url), at: [server.address],
        authentication: .required(
            HTTPTrust(authorities: .pem(try WebCertificates.rootPEM()), pins: pins), credential: credential),
        timeLimit: .seconds(60))
}

/// A server with a certificate for `web.example` that answers everything the same.
func server(
    _ reply: ScriptedReply = ScriptedReply(body: Array("hello".utf8))
) throws -> ScriptedHTTPSServer {
    try ScriptedHTTPSServer(identity: WebCertificates.issue("web.example").identity()) { _ in reply }
}

extension Result where Success == HTTPResponse, Failure == HTTPFailure {
    /// The failure; nil for a response.
    var failure: HTTPFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }

    /// The kind of failure, for those whose reason is libcurl's to word.
    var failureKind: String? {
        switch failure {
        case nil: nil
        case .badRequest: "badRequest"
        case .unreachable: "unreachable"
        case .tlsFailed: "tlsFailed"
        case .notAuthenticated: "notAuthenticated"
        case .brokenOff: "brokenOff"
        case .tooLarge: "tooLarge"
        case .timedOut: "timedOut"
        case .cancelled: "cancelled"
        }
    }
}
