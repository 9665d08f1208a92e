public import EventLoops

/// Makes bounded requests over https for all who live on one loop, by HTTP/2 where the server speaks it.
///
/// Connections are kept and shared: requests to one server travel side by side on one HTTP/2 connection. It dials
/// addresses and resolves nothing; it follows no redirection, keeps no cookies, and knows no proxy. What a connection had
/// to prove is part of what it is reused for. To be shut down before it is let go.
///
/// - SeeAlso: RFC 9110, RFC 9113, RFC 8484 §5.
public final class HTTPClient {
    /// How a request ended.
    public typealias Completion = (Result<HTTPResponse, HTTPFailure>) -> Void

    private let loop: EventLoop
    private let limits: HTTPClientLimits
    private var transfers: TransferSet?
    private var completions: [Int: Completion] = [:]
    private var lastNumber = 0
    private var isShutDown = false

    /// A client without connections.
    ///
    /// - Parameter loop: Where everything happens, this call included.
    public init(on loop: EventLoop, limits: HTTPClientLimits = HTTPClientLimits()) {
        self.loop = loop
        self.limits = limits
        transfers = TransferSet(on: loop, limits: limits)
        transfers?.ended = { [weak self] transfer, outcome in self?.finish(transfer.number, outcome) }
    }

    /// How many requests are under way.
    public var requestsUnderWay: Int { completions.count }

    /// Sends a request.
    ///
    /// - Parameter completion: Called on the loop exactly once unless the handle is cancelled, never before this returns.
    @discardableResult
    public func perform(_ request: HTTPRequest, completion: @escaping Completion) -> HTTPExchangeHandle {
        lastNumber += 1
        let number = lastNumber
        let isFull = completions.count >= limits.requests
        completions[number] = completion
        do throws(HTTPFailure) {
            guard !isShutDown else { throw .cancelled }
            guard let transfers else { throw .badRequest("libcurl with OpenSSL is not there") }
            guard !isFull else { throw .badRequest("too many requests are under way") }
            try transfers.add(try Transfer(number, for: request))
        } catch {
            loop.afterTurn { [weak self] in self?.finish(number, .failure(error)) }
        }
        return HTTPExchangeHandle(number, of: self)
    }

    /// Closes all connections; requests under way end as ``HTTPFailure/cancelled``.
    public func shutDown() {
        isShutDown = true
        transfers?.close()
        transfers = nil
        let abandoned = completions.sorted { $0.key < $1.key }
        completions = [:]
        for (_, completion) in abandoned { completion(.failure(.cancelled)) }
    }

    func cancel(_ number: Int) {
        guard completions.removeValue(forKey: number) != nil else { return }
        transfers?.remove(number)
    }

    private func finish(_ number: Int, _ outcome: Result<HTTPResponse, HTTPFailure>) {
        completions.removeValue(forKey: number)?(outcome)
    }
}
