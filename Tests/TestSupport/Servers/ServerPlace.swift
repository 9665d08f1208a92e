internal import Glibc

/// Where one server of a test stands: its domain, its own loopback address, its ports and its certificate.
public struct ServerPlace: Sendable {
    /// The server's name in templates and directories: `ligase`, `prosody` or `ejabberd`.
    public let name: String
    /// The domain that it serves, by a component.
    public let domain: String
    /// The secret of that component.
    public let secret: String
    /// What the server proves itself with.
    public let certificate: CertificateFiles
    /// Its address.
    public let address: LoopbackAddress
    /// Takes streams that begin in clear.
    public let s2s: Endpoint
    /// Takes streams that begin with TLS.
    public let s2sDirectTLS: Endpoint
    /// Takes the component.
    public let component: Endpoint

    /// Chooses an address and ports that are free.
    public init(named name: String, certificate: CertificateFiles) throws(HarnessFailure) {
        self.name = name
        domain = "\(name).example"
        secret = "secret of \(name)"
        self.certificate = certificate
        address = LoopbackAddress.unused()
        s2s = try Endpoint.unused(on: address)
        s2sDirectTLS = try Endpoint.unused(on: address, besides: s2s)
        component = try Endpoint.unused(on: address, besides: s2s, s2sDirectTLS)
    }

    /// What templates call these things: `${ligase.s2s_port}` and so on.
    public var templateValues: [String: String] {
        let values = [
            "domain": domain, "secret": secret, "address": address.description, "s2s_port": "\(s2s.port)",
            "s2s_direct_tls_port": "\(s2sDirectTLS.port)", "component_port": "\(component.port)",
            "certificate": certificate.certificate, "private_key": certificate.privateKey,
            "combined_certificate": certificate.combined,
        ]
        return Dictionary(uniqueKeysWithValues: values.map { ("\(name).\($0.key)", $0.value) })
    }

    /// Connects the component that serves the domain.
    public func connectComponent() throws(HarnessFailure) -> ComponentClient {
        try ComponentClient(domain, secret: secret, at: component)
    }
}
