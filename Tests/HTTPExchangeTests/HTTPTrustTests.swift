import EventLoops
import HTTPExchange
import HTTPTestSupport
import Testing
import TransportSecurity
import XMPPModel

@Suite("What a server has to prove")
struct HTTPTrustTests {
    /// Certificates that prove nothing about `web.example`.
    enum Wrong: CaseIterable, Sendable {
        case name, commonNameOnly, addressOnly, partialWildcard, expired, notYetValid, selfSigned, otherAuthority,
            clientPurpose

        func certificate() throws -> IssuedCertificate {
            switch self {
            case .name: try WebCertificates.issue("other.example")
            case .commonNameOnly: try WebCertificates.issue("web.example", [])
            case .addressOnly: try WebCertificates.issue("web.example", [.ipAddress([127, 0, 0, 1])])
            case .partialWildcard: try WebCertificates.issue("web.example", [.dns("w*.example")])
            case .expired:
                try WebCertificates.issue("web.example") { $0.notAfter = $0.notBefore + WebCertificates.day }
            case .notYetValid:
                try WebCertificates.issue("web.example") { $0.notBefore = $0.notAfter - WebCertificates.day }
            case .selfSigned:
                try CertificateAuthority.selfSigned(WebCertificates.template("web.example", [.dns("web.example")]))
            case .otherAuthority: try Self.foreign.issue(WebCertificates.template("web", [.dns("web.example")]))
            case .clientPurpose:
                try WebCertificates.issue("web.example") { $0.extendedKeyUsage = .only([.clientAuthentication]) }
            }
        }

        private static var foreign: CertificateAuthority {
            get throws {
                var template = WebCertificates.template("Foreign Root", [])
                template.isAuthority = true
                return try CertificateAuthority.root(template)
            }
        }
    }

    private let credential = HTTPCredential.basic(username: "ligase", password: "secret")

    private func server(_ certificate: IssuedCertificate) throws -> ScriptedHTTPSServer {
        try ScriptedHTTPSServer(identity: try certificate.identity()) { _ in ScriptedReply() }
    }

    @Test(arguments: Wrong.allCases)
    func `DH-03: a server that does not prove its name gets no request`(wrong: Wrong) async throws {
        let server = try server(wrong.certificate())
        let outcome = try await Fetcher().fetch(request(at: server, credential: credential))
        #expect(outcome.failureKind == "notAuthenticated")
        #expect(server.requests.isEmpty)
    }

    @Test func `a wildcard stands for one label`() async throws {
        let server = try server(WebCertificates.issue("wild", [.dns("*.web.example")]))
        let right = try request(.get, "https://a.web.example/", at: server)
        #expect(try await Fetcher().fetch(right).get().status == 200)
        let deeper = try request(.get, "https://a.b.web.example/", at: server)
        #expect(try await Fetcher().fetch(deeper).failureKind == "notAuthenticated")
    }

    @Test func `DD-02: an address as host has to be an alternative name, wherever it is dialled`() async throws {
        let right = try server(WebCertificates.issue("resolver", [.ipAddress([192, 0, 2, 53])]))
        #expect(try await Fetcher().fetch(request(.get, "https://192.0.2.53/", at: right)).get().status == 200)
        #expect(right.requests.first?.serverName == nil)
        #expect(right.requests.first?.fields["host"] == "192.0.2.53")
        for names: [CertificateTemplate.Name] in [[.ipAddress([127, 0, 0, 1])], [.dns("192.0.2.53")], []] {
            let wrong = try server(WebCertificates.issue("192.0.2.53", names))
            let outcome = try await Fetcher().fetch(request(.get, "https://192.0.2.53/", at: wrong))
            #expect(outcome.failureKind == "notAuthenticated")
        }
    }

    @Test(arguments: [true, false])
    func `DD-02: an address can be demanded besides the name`(isPresent: Bool) async throws {
        let address: [UInt8] = isPresent ? [192, 0, 2, 53] : [192, 0, 2, 54]
        let server = try server(WebCertificates.issue("web", [.dns("web.example"), .ipAddress(address)]))
        var request = try request(at: server)
        let trust = HTTPTrust(
            authorities: .pem(try WebCertificates.rootPEM()), requiredAddress: [192, 0, 2, 53])
        request.authentication = .required(trust)
        let outcome = try await Fetcher().fetch(request)
        #expect(outcome.failureKind == (isPresent ? nil : "notAuthenticated"))
    }

    @Test func `DD-02: a connection without proof of the address is not used for who demands it`() async throws {
        let server = try server(WebCertificates.issue("web.example"))
        let fetcher = try Fetcher()
        #expect(try await fetcher.fetch(request(at: server)).get().status == 200)
        var request = try request(at: server)
        request.authentication = .required(
            HTTPTrust(authorities: .pem(try WebCertificates.rootPEM()), requiredAddress: [192, 0, 2, 53]))
        #expect(await fetcher.fetch(request).failureKind == "notAuthenticated")
        #expect(server.requests.count == 1)
    }

    @Test func `PO-02: a connection that proved one host is not used for another at the same address`() async throws {
        let server = try server(WebCertificates.issue("web.example"))
        let fetcher = try Fetcher()
        #expect(try await fetcher.fetch(request(at: server)).get().status == 200)
        #expect(
            try await fetcher.fetch(request(.get, "https://web2.example/", at: server)).failureKind
                == "notAuthenticated")
        var strange = try request(at: server)
        strange.authentication = .required(HTTPTrust(authorities: .system))
        #expect(await fetcher.fetch(strange).failureKind == "notAuthenticated")
        #expect(server.requests.count == 1)
    }

    @Test func `a pin has to hold besides the path`() async throws {
        let certificate = try WebCertificates.issue("web.example")
        let server = try server(certificate)
        let pin = certificate.certificate.subjectPublicKeyInfoSHA256
        let wrong = [UInt8](repeating: 1, count: 32)
        #expect(try await Fetcher().fetch(request(at: server, pins: [wrong, pin])).get().status == 200)
        let refused = try await Fetcher().fetch(request(at: server, pins: [wrong], credential: credential))
        #expect(refused.failureKind == "notAuthenticated")
        #expect(try await Fetcher().fetch(request(at: server, pins: [[1]])).failureKind == "badRequest")
        let other = try self.server(
            CertificateAuthority.selfSigned(WebCertificates.template("web", [.dns("web.example")])))
        #expect(try await Fetcher().fetch(request(at: other, pins: [pin])).failureKind == "notAuthenticated")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `TP-01: TLS 1.2 and 1.3 are spoken`(version: TLSVersion) async throws {
        let server = try ScriptedHTTPSServer(
            identity: WebCertificates.issue("web.example").identity(), versions: version...version
        ) { _ in ScriptedReply() }
        #expect(try await Fetcher().fetch(request(at: server)).get().status == 200)
    }

    @Test(arguments: [0x0300, 0x0301, 0x0302] as [UInt16], [true, false])
    func `TP-01: an older version is refused and not tried, with authentication or without`(
        version: UInt16, isProofNeeded: Bool
    ) async throws {
        let server = try OldServer(version: version)
        var request = HTTPRequest(
            .get, try HTTPURL("https://web.example/"), at: [server.address], timeLimit: .seconds(60))
        if !isProofNeeded { request.authentication = .none }
        #expect(try await Fetcher().fetch(request).failureKind == "tlsFailed")
        #expect(server.connections == 1)
    }

    @Test func `DP-03: without authentication any certificate will do, and the response says so`() async throws {
        for wrong in Wrong.allCases {
            let server = try server(wrong.certificate())
            var request = try request(at: server)
            request.authentication = .none
            #expect(try await Fetcher().fetch(request).get().isAuthenticated == false)
        }
    }

    @Test func `a connection that proved nothing is not used for a request that needs a proof`() async throws {
        let server = try server(Wrong.selfSigned.certificate())
        let fetcher = try Fetcher()
        var unproven = try request(at: server)
        unproven.authentication = .none
        #expect(try await fetcher.fetch(unproven).get().status == 200)
        #expect(await fetcher.fetch(try request(at: server, credential: credential)).failureKind == "notAuthenticated")
        #expect(server.requests.count == 1)
        // Nor the other way round is anything lost.
        #expect(try await fetcher.fetch(unproven).get().isAuthenticated == false)
    }

    @Test func `DH-09: a password goes to the server that proved its name`() async throws {
        let server = try server(WebCertificates.issue("web.example"))
        _ = try await Fetcher().fetch(request(at: server, credential: credential)).get()
        #expect(server.requests.first?.fields["authorization"] == "Basic bGlnYXNlOnNlY3JldA==")
        _ = try await Fetcher().fetch(request(at: server)).get()
        #expect(server.requests.last?.fields["authorization"] == nil)
    }

    @Test func `DH-09: a client certificate goes to the server that proved its name, on a connection of its own`()
        async throws
    {
        let server = try server(WebCertificates.issue("web.example"))
        let ours = try WebCertificates.issue("client.example")
        let certificate = HTTPCredential.certificate(chainPEM: ours.chainPEM, keyPEM: ours.privateKeyPEM)
        let fetcher = try Fetcher()
        _ = try await fetcher.fetch(request(at: server)).get()
        _ = try await fetcher.fetch(request(at: server, credential: certificate)).get()
        #expect(server.requests.map { $0.clientCertificates > 0 } == [false, true])
        #expect(server.connections == 2)
        let broken = HTTPCredential.certificate(chainPEM: [1], keyPEM: [2])
        #expect(try await Fetcher().fetch(request(at: server, credential: broken)).failureKind == "badRequest")
    }

    @Test(arguments: [("a:b", "c"), ("a", "b\nc"), ("a", "b\u{0}c")])
    func `a password that cannot be sent is an error`(username: String, password: String) async throws {
        let server = try server(WebCertificates.issue("web.example"))
        let credential = HTTPCredential.basic(username: username, password: password)
        #expect(try await Fetcher().fetch(request(at: server, credential: credential)).failureKind == "badRequest")
    }

    @Test(arguments: [[UInt8](), Array("no certificate".utf8)])
    func `authorities that cannot be read trust nobody`(pem: [UInt8]) async throws {
        let server = try server(WebCertificates.issue("web.example"))
        var request = try request(at: server)
        request.authentication = .required(HTTPTrust(authorities: .pem(pem)))
        #expect(try await Fetcher().fetch(request).failure != nil)
        #expect(server.requests.isEmpty)
    }

    @Test func `the system's authorities do not know ours`() async throws {
        let server = try server(WebCertificates.issue("web.example"))
        var request = try request(at: server)
        request.authentication = .required()
        #expect(try await Fetcher().fetch(request).failureKind == "notAuthenticated")
    }
}
