import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import NameResolution
import TestSupport
import TransportSecurity

/// A forwarder in front of unbound, in the test's own process, that can be told to lie.
final class Forwarder {
    let server: EmbeddedNameServer
    private let authority: TransportSecurity.CertificateAuthority

    /// - Parameter serverName: What its certificate says that it is.
    init(to target: Endpoint, serverName: String = DNSNetwork.serverName) throws {
        let (begin, end): (Int64, Int64) = (1_500_000_000, 4_000_000_000)
        authority = try .root(
            CertificateTemplate(commonName: "Forwarder", notBefore: begin, notAfter: end, isAuthority: true))
        let issued = try authority.issue(
            CertificateTemplate(commonName: serverName, names: [.dns(serverName)], notBefore: begin, notAfter: end))
        server = try EmbeddedNameServer(
            zones: [], identity: issued.identity(),
            forward: { query in
                let response = try? PlainQuestion.ask(
                    query.question, at: target, wantsSignatures: query.wantsSignatures,
                    disablesChecking: query.disablesChecking)
                return response.map {
                    DNSResponse(
                        to: query, code: $0.code, isAuthenticated: $0.isAuthenticated, answers: $0.answers,
                        authorities: $0.authorities)
                }
            })
    }

    deinit { server.stop() }

    /// The forwarder, asked in clear.
    var clear: NameServerEndpoint { .cleartext(server.address) }

    /// The forwarder, asked by TLS; it has to prove that it is `DNSNetwork.serverName`.
    func encrypted(profile: UpstreamServer.Profile = .strict) throws -> NameServerEndpoint {
        guard let address = server.secureAddress else { throw HarnessFailure.malformed("no TLS") }
        return .tls(
            address, profile: profile,
            authentication: ServerAuthentication(
                name: DNSNetwork.serverName, authorities: .pem(authority.issued.certificatePEM)))
    }
}
