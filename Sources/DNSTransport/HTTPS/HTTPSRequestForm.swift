internal import DNSMessages
internal import EventLoops
internal import HTTPExchange
internal import NameResolution

/// How questions to one server become HTTP requests, and responses become answers (RFC 8484 §4).
struct HTTPSRequestForm {
    /// The URI for questions in the body; its host is what the certificate has to name.
    let url: HTTPURL
    private let template: QueryTemplate
    private let settings: HTTPSServerSettings
    private let trust: HTTPTrust

    private static let mediaType = "application/dns-message"
    /// What a DNS message has at most (RFC 8484 §6).
    private static let mostOctets = 65535
    /// Who asks keeps the time and waits less long.
    private static let timeLimit = Duration.seconds(30)

    /// - Throws: ``QueryFailure`` when the server's settings are no https URI, or contradict themselves.
    init(_ settings: HTTPSServerSettings, _ authentication: ServerAuthentication) throws(QueryFailure) {
        guard let template = QueryTemplate(settings.path) else {
            throw .unreachable("\(settings.path) is no URI template")
        }
        do throws(HTTPURLError) {
            url = try HTTPURL(host: settings.host, port: settings.port, target: template.withoutMessage)
        } catch {
            throw .unreachable("\(error)")
        }
        // The host of the URI is compared in any case; another name besides would leave open which of them counts.
        if let name = authentication.name, ReferenceIdentity(name) != ReferenceIdentity(settings.host) {
            throw .notAuthenticated("it is to be authenticated as \(name) and asked as \(settings.host)")
        }
        self.template = template
        self.settings = settings
        let authorities: HTTPTrust.Authorities =
            switch authentication.authorities {
            case .system: .system
            case .pem(let octets): .pem(octets)
            }
        trust = HTTPTrust(
            authorities: authorities, pins: authentication.pins,
            requiredAddress: authentication.requiredAddressName?.octets)
    }

    /// The query that an inquiry becomes: with identifier zero, so that equal questions are equal requests, and padded, so
    /// that their length says nothing (DH-02, DT-06).
    func query(_ inquiry: Inquiry) -> DNSQuery {
        var query = inquiry.query(identifier: 0)
        query.isPadded = true
        return query
    }

    /// The request that carries a query.
    ///
    /// A credential goes along only where the server has to prove who it is (DH-09).
    ///
    /// - Throws: ``QueryFailure``.
    func request(
        for query: DNSQuery, requiresAuthentication: Bool, at addresses: [SocketAddress]
    ) throws(QueryFailure) -> HTTPRequest {
        let message = try encoded(query)
        let authentication: HTTPServerAuthentication =
            requiresAuthentication ? .required(trust, credential: credential) : .none
        var request = HTTPRequest(
            settings.method == .get ? .get : .post, url, at: addresses, authentication: authentication,
            fields: [HTTPField("Accept", Self.mediaType)], responseLimit: Self.mostOctets, timeLimit: Self.timeLimit)
        switch settings.method {
        case .get:
            do throws(HTTPURLError) {
                request.url = try HTTPURL(host: url.host, port: url.port, target: template.carrying(message))
            } catch {
                throw .unreachable("\(error)")
            }
        case .post:
            request.fields.append(HTTPField("Content-Type", Self.mediaType))
            request.body = message
        }
        return request
    }

    /// What a response says to a query: any DNS message that comes with success, whatever its code (DH-04).
    func outcome(_ response: HTTPResponse, to query: DNSQuery) -> AttemptOutcome {
        guard response.isSuccess else { return .failed(.refusedByHTTP(status: response.status)) }
        guard response.mediaType == Self.mediaType else { return .failed(.wrongMediaType(response.mediaType)) }
        do throws(DNSMessageFailure) {
            let message = try DNSResponse(decoding: response.body)
            guard query.isAnswered(by: message) else { return .failed(.malformed(.badQuestion)) }
            return .answered(message, isAuthenticated: response.isAuthenticated, age: .seconds(response.age))
        } catch {
            return .failed(.malformed(error))
        }
    }

    /// What it means that there is no response.
    static func failure(_ failure: HTTPFailure) -> QueryFailure {
        switch failure {
        case .notAuthenticated(let reason): .notAuthenticated(reason)
        case .tlsFailed(let reason): .encryptionFailed(reason)
        case .unreachable(let reason), .brokenOff(let reason): .unreachable(reason)
        case .badRequest, .tooLarge, .timedOut, .cancelled: .unreachable("\(failure)")
        }
    }

    private func encoded(_ query: DNSQuery) throws(QueryFailure) -> [UInt8] {
        do throws(DNSMessageFailure) {
            return try query.encode()
        } catch {
            throw .malformed(error)
        }
    }

    private var credential: HTTPCredential? {
        switch settings.credential {
        case nil: nil
        case .password(let username, let password): .basic(username: username, password: password)
        case .certificate(let chain, let key): .certificate(chainPEM: chain, keyPEM: key)
        }
    }
}
