internal import DNSMessages
internal import EventLoops
internal import HTTPExchange
internal import NameResolution

/// Asks one server over HTTPS (RFC 8484), by HTTP/2 on one kept connection where the server speaks it.
///
/// It belongs to one loop. Nothing but the configured URI is ever asked: redirections are failures, cookies are not kept
/// (DH-06). What need not be authenticated travels without a credential, on a connection of its own.
final class HTTPSQueryChannel {
    private let form: Result<HTTPSRequestForm, QueryFailure>
    private let addresses: HTTPSServerAddresses
    private let resources: ChannelResources
    /// Made at the first need, and anew when the old one's connection has gone silent; nil once shut down.
    private var client: HTTPClient?
    private var isShutDown = false
    private var silentTimeouts = 0

    /// Inquiries in a row whose time passed without a response to any: one alone may have been a hard question, and two
    /// are likely a connection that leads nowhere any more.
    private static let mostSilentTimeouts = 2
    private static let limits = HTTPClientLimits(requests: 1000, connectionsPerHost: 2, keptConnections: 2)

    init(
        to settings: HTTPSServerSettings, at address: SocketAddress?, authentication: ServerAuthentication,
        bootstrap: Bootstrap, _ resources: ChannelResources
    ) {
        form = Result { () throws(QueryFailure) in try HTTPSRequestForm(settings, authentication) }
        addresses = HTTPSServerAddresses(
            host: settings.host, port: settings.port, address: address, bootstrap: bootstrap, on: resources.loop)
        self.resources = resources
    }

    /// An inquiry's time passed before there was a response to it.
    func inquiryTimedOut() {
        silentTimeouts += 1
        guard silentTimeouts >= Self.mostSilentTimeouts else { return }
        silentTimeouts = 0
        addresses.forget()
        let silent = client
        client = nil
        // What else waits there is told so, and may be asked of another server.
        silent?.shutDown()
    }

    private func send(_ inquiry: HTTPSInquiry, by form: HTTPSRequestForm, to addresses: [SocketAddress]) {
        guard inquiry.isWanted, !isShutDown else { return }
        do throws(QueryFailure) {
            let request = try form.request(
                for: inquiry.query, requiresAuthentication: inquiry.requiresAuthentication, at: addresses)
            let client = client ?? HTTPClient(on: resources.loop, limits: Self.limits)
            self.client = client
            inquiry.exchange = client.perform(request) { [weak self] outcome in
                self?.ended(inquiry, outcome, by: form)
            }
        } catch {
            fail(inquiry, error)
        }
    }

    private func ended(
        _ inquiry: HTTPSInquiry, _ outcome: Result<HTTPResponse, HTTPFailure>, by form: HTTPSRequestForm
    ) {
        // Closing the client ends what is under way, and of that nobody is told.
        guard !isShutDown else { return }
        switch outcome {
        case .success(let response):
            silentTimeouts = 0
            inquiry.finish(form.outcome(response, to: inquiry.query))
        case .failure(let failure):
            // Addresses that were found may be out of date, or a lie.
            addresses.forget()
            inquiry.finish(.failed(HTTPSRequestForm.failure(failure)))
        }
    }

    private func fail(_ inquiry: HTTPSInquiry, _ failure: QueryFailure) {
        resources.loop.afterTurn { [weak self] in
            if self?.isShutDown == false { inquiry.finish(.failed(failure)) }
        }
    }
}

extension HTTPSQueryChannel: QueryChannel {
    func ask(_ inquiry: Inquiry, completion: @escaping (AttemptOutcome) -> Void) -> any QueryHandle {
        let form: HTTPSRequestForm
        do throws(QueryFailure) {
            form = try self.form.get()
        } catch {
            let inquiry = HTTPSInquiry(
                inquiry.query(identifier: 0), requiresAuthentication: inquiry.requiresAuthentication, on: self,
                completion: completion)
            fail(inquiry, error)
            return inquiry
        }
        let inquiry = HTTPSInquiry(
            form.query(inquiry), requiresAuthentication: inquiry.requiresAuthentication, on: self,
            completion: completion)
        if let known = addresses.known {
            send(inquiry, by: form, to: known)
            return inquiry
        }
        addresses.find { [weak self] outcome in
            switch outcome {
            case .success(let found): self?.send(inquiry, by: form, to: found)
            case .failure(let failure): if self?.isShutDown == false { inquiry.finish(.failed(failure)) }
            }
        }
        return inquiry
    }

    func shutDown() {
        isShutDown = true
        addresses.shutDown()
        let open = client
        client = nil
        open?.shutDown()
    }
}
