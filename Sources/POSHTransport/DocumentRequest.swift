internal import DNSTransport
internal import EventLoops
internal import HTTPExchange
internal import Prooftypes

/// One GET of a retrieval: the way to the web server, then the request. No cookies, no credentials, and no redirection is
/// followed here (PO-19, PO-22).
///
/// It belongs to one loop, and calls back once unless cancelled, never within the call that begins it.
final class DocumentRequest {
    private let url: HTTPSAddress
    private let rules: RetrievalRules
    private let timeLimit: Duration
    private let client: HTTPClient
    private let loop: EventLoop
    private var completion: ((POSHRetrieval.Event) -> Void)?
    private var search: WebServerAddresses?
    private var exchange: HTTPExchangeHandle?

    /// The usual media types; others are taken as well (PO-16).
    private static let accept = HTTPField("Accept", "application/json, application/jwk-set+json, */*;q=0.1")

    init(
        for url: HTTPSAddress, under rules: RetrievalRules, within timeLimit: Duration, by client: HTTPClient,
        on loop: EventLoop, completion: @escaping (POSHRetrieval.Event) -> Void
    ) {
        self.url = url
        self.rules = rules
        self.timeLimit = timeLimit
        self.client = client
        self.loop = loop
        self.completion = completion
    }

    /// Begins.
    ///
    /// - Parameter server: Where to connect without asking; nil: where DNS says.
    func start(at server: SocketAddress?, resolver: any NameResolver) {
        if let server { return send(to: [server]) }
        let search = WebServerAddresses(of: url.host, port: url.port, under: rules.addressGuard, on: loop) {
            [weak self] outcome in
            switch outcome {
            case .success(let addresses): self?.send(to: addresses)
            case .failure(let failure): self?.finish(.failed(failure))
            }
        }
        self.search = search
        search.find(by: resolver)
    }

    func cancel() {
        completion = nil
        search?.cancel()
        exchange?.cancel()
    }

    private func send(to addresses: [SocketAddress]) {
        guard completion != nil else { return }
        do throws(HTTPURLError) {
            var request = HTTPRequest(
                .get, try HTTPURL(host: url.host, port: url.port, target: url.target), at: addresses,
                authentication: .required(HTTPTrust(authorities: rules.authorities)), fields: [Self.accept],
                responseLimit: POSHDocument.mostOctets, cutsOffErrors: true, timeLimit: timeLimit)
            request.waitsForOthers = false
            exchange = client.perform(request) { [weak self] outcome in self?.ended(outcome) }
        } catch {
            let failure = POSHFetchFailure.unreachable("\(url) cannot be asked: \(error)")
            loop.afterTurn { [weak self] in self?.finish(.failed(failure)) }
        }
    }

    private func ended(_ outcome: Result<HTTPResponse, HTTPFailure>) {
        switch outcome {
        case .success(let response):
            finish(
                .answered(status: response.status, location: response.value(of: "location"), body: response.body))
        case .failure(let failure): finish(.failed(POSHFetchFailure(failure)))
        }
    }

    private func finish(_ event: POSHRetrieval.Event) {
        let told = completion
        completion = nil
        told?(event)
    }
}
