import Administration
import Demonstration
import Diagnostics
import DomainAssociation
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// A provider's daemon hosts a tenant's domain under the provider's own certificate, and another daemon, of whom the
/// provider knows nothing, talks with the tenant (RFC 7712 §6).
@Suite("a tenant whose certificate the provider does not hold")
struct TenantTests {
    /// What the provider has.
    enum Certificate: String, CaseIterable, Sendable {
        /// One for the provider's server, by an authority that everybody trusts.
        case ofAuthority
        /// One that nobody vouches for, whose key the provider's signed zone publishes at its server.
        case published

        var prooftype: String { self == .ofAuthority ? "pkix" : "dane" }
    }

    private final class Stage {
        let provider: Node
        let other: Node
        let tenant: ComponentClient
        let user: ComponentClient
        let tenantDomain: String

        /// - Parameter isSigned: Whether the zone that delegates the tenant to the provider is.
        init(_ certificate: Certificate, isSigned: Bool) throws {
            tenantDomain = isSigned ? "tenant.example" : "tenant.unsigned.example"
            let network = try Network(signed: "", unsigned: "")
            let issued =
                switch certificate {
                case .ofAuthority: try Network.issue("host.provider.example")
                case .published: try Network.selfSigned("host.provider.example")
                }
            provider = try Node("provider", [.component(tenantDomain)], in: network, certificate: issued)
            other = try Node("a", [.component("a.example")], in: network)
            let port = provider.s2s.port
            let delegation = "_xmpp-server._tcp.tenant SRV 0 0 \(port) host.provider.example.\n"
            var zone = "host.provider A \(provider.address)\n" + other.records(for: "a")
            if certificate == .published {
                zone += "_\(port)._tcp.host.provider \(Network.tlsa(3, 1, of: issued.certificate))\n"
            }
            try network.setZone(
                isSigned ? zone + delegation : zone, below: [.unsigned("unsigned.example", isSigned ? "" : delegation)])
            tenant = try provider.connect(tenantDomain)
            user = try other.connect("a.example")
        }

        /// What the other daemon knows of the tenant.
        func association(_ direction: StreamDirection) throws -> AssociationSummary {
            let service = other.service
            let all = wait { await service.associations(with: nil) } ?? []
            return try #require(all.first { $0.direction == direction && $0.remote.description == tenantDomain })
        }
    }

    @Test(arguments: Certificate.allCases)
    func `PT-03, CM-14, DA-21: signed records lead to the provider, whose certificate then speaks for the tenant`(
        certificate: Certificate
    ) async throws {
        try await script {
            let stage = try Stage(certificate, isSigned: true)
            // The tenant's server is dialled.
            try stage.user.send(Peer.message("x@a.example", "u@tenant.example", "hello tenant"))
            #expect(try stage.tenant.receive().description.contains("hello tenant"))
            let outbound = try stage.association(.outbound)
            #expect(outbound.prooftype == certificate.prooftype && outbound.secureDelegation)
            #expect(outbound.mechanism == "server-identity")
            // And dials, with the provider's certificate as its own.
            try stage.tenant.send(Peer.message("u@tenant.example", "x@a.example", "hello back"))
            #expect(try stage.user.receive().description.contains("hello back"))
            let inbound = try stage.association(.inbound)
            #expect(inbound.prooftype == certificate.prooftype && inbound.secureDelegation)
            #expect(inbound.mechanism == "external")
            let findings = (outbound.evidence.findings + inbound.evidence.findings).map(\.value)
            #expect(findings.contains { $0.contains("host.provider.example") }, "\(findings)")
        }
    }

    @Test(arguments: Certificate.allCases)
    func `PT-03, CM-14, DA-01: records that nobody has signed delegate nothing, in either direction`(
        certificate: Certificate
    ) async throws {
        try await script {
            let stage = try Stage(certificate, isSigned: false)
            try stage.user.send(Peer.message("x@a.example", "u@tenant.unsigned.example", "hello tenant"))
            let error = try stage.user.receive().description
            #expect(error.contains("tenant.unsigned.example could not be proved"), "\(error)")
            #expect(error.contains("dane: the way to host.provider.example is not secure"), "\(error)")
            switch certificate {
            case .ofAuthority:
                #expect(error.contains("is not for tenant.unsigned.example; it names host.provider.example"))
            case .published: #expect(error.contains("pkix: "))
            }
            try stage.tenant.send(Peer.message("u@tenant.unsigned.example", "x@a.example", "hello back"))
            let refusal = try stage.tenant.receive().description
            #expect(refusal.contains("a.example did not accept tenant.unsigned.example"), "\(refusal)")
            #expect(stage.other.log.contains("the service records of tenant.unsigned.example are not secure"))
            #expect(stage.other.metric(.proofsEstablished) == 0)
        }
    }
}
