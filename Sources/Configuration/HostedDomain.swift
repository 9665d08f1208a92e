public import XMPPModel

/// `[[domain]]`: a hosted domain (tenant).
public struct HostedDomain: Sendable, Hashable {
    /// What stands behind Ligase for a hosted domain.
    public enum Backend: Sendable, Hashable {
        /// An external component (XEP-0114), which authenticates with this secret.
        case component(SecretSource)
        /// An XMPP server, which takes S2S at this address.
        case server(ConfiguredAddress)
        /// Ligase itself: answers ping, version and disco, and echoes messages.
        case builtin
    }

    /// `name`.
    public var name: DomainName
    /// `backend`, with what belongs to it.
    public var backend: Backend
    /// `certificate`: path of its own PEM chain; `nil`: that of `[tls]`. Set exactly when `privateKey` is.
    public var certificate: String?
    /// `private_key`: path of the PEM key of `certificate`.
    public var privateKey: String?
    /// `posh_certificates`: paths of PEM certificates that the domain's POSH documents name besides the one in use, for a
    /// roll-over.
    public var poshCertificates: [String]
    /// Contact addresses by purpose, each a URI; what a builtin domain answers in disco#info (XEP-0157).
    public var contacts: [String: [String]]
    /// Where its `[[domain]]` begins.
    public var position: SourcePosition

    /// Makes a tenant; `certificate` and `privateKey` come together or not at all.
    public init(
        name: DomainName, backend: Backend, certificate: String? = nil, privateKey: String? = nil,
        poshCertificates: [String] = [], contacts: [String: [String]] = [:], position: SourcePosition
    ) {
        self.name = name
        self.backend = backend
        self.certificate = certificate
        self.privateKey = privateKey
        self.poshCertificates = poshCertificates
        self.contacts = contacts
        self.position = position
    }

    /// Whether the two say the same, wherever each was written.
    public func hasSameSettings(as other: HostedDomain) -> Bool {
        var moved = self
        moved.position = other.position
        return moved == other
    }

    /// Reads one `[[domain]]`; `nil` when it is unusable, which is reported.
    init?(reading table: TableReader) {
        let name = table.requiredDomain("name", mend: "write name = \"a.example\"")
        let backend = Self.backend(reading: table, of: name)
        let certificate = table.optionalFile("certificate", for: .certificate, of: name)
        let privateKey = table.optionalFile("private_key", for: .privateKey, of: name)
        if certificate != nil, privateKey == nil, !table.isSet("private_key") {
            table.error("certificate", "has no private_key beside it", mend: "add private_key = \"…\"")
        }
        if privateKey != nil, certificate == nil, !table.isSet("certificate") {
            table.error("private_key", "has no certificate beside it", mend: "add certificate = \"…\"")
        }
        let poshCertificates = table.files("posh_certificates", for: .publishedCertificate, of: name)
        if !poshCertificates.isEmpty { table.needs(.httpListener, for: "posh_certificates") }
        let contacts = Self.contacts(reading: table)
        table.finish()
        guard let name, let backend else { return nil }
        self.init(
            name: name, backend: backend, certificate: certificate, privateKey: privateKey,
            poshCertificates: poshCertificates, contacts: contacts, position: table.position)
    }

    /// The purposes of contact addresses; each is a key `…_addresses` (XEP-0157 §3).
    public static let contactPurposes = ["abuse", "admin", "feedback", "sales", "security", "status", "support"]

    private static func contacts(reading table: TableReader) -> [String: [String]] {
        var contacts: [String: [String]] = [:]
        for purpose in contactPurposes {
            let addresses = table.list("\(purpose)_addresses") { (text: String) -> ElementReading<String> in
                guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
                    text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
                else { return .refused("is not a URI", mend: "write \"mailto:abuse@a.example\"") }
                return .accepted(text)
            }
            if let addresses, !addresses.isEmpty { contacts[purpose] = addresses }
        }
        return contacts
    }

    private enum BackendName: String, CaseIterable {
        case component
        case server
        case builtin
    }

    private static func backend(reading table: TableReader, of domain: DomainName?) -> Backend? {
        let name = table.choice("backend", default: BackendName.component)
        let text = table.string("secret")
        let file = table.optionalFile("secret_file", for: .componentSecret, of: domain)
        let server = table.address("server", example: "127.0.0.1:15269")
        func refuse(_ keys: [String]) {
            for key in keys where table.isSet(key) {
                table.error(key, "means nothing for backend = \"\(name.rawValue)\"", mend: "remove it")
            }
        }
        switch name {
        case .component:
            refuse(["server"])
            table.requires(
                .componentBackend, for: "backend", "backend = \"component\" is not built yet", mend: "choose another")
            return secret(text: text, file: file, in: table).map { .component($0) }
        case .server:
            refuse(["secret", "secret_file"])
            table.requires(
                .serverBackend, for: "backend",
                "backend = \"server\" is not built yet, so that the domain could not be served",
                mend: "write backend = \"component\" with a secret_file")
            if server == nil, !table.isSet("server") {
                table.error(
                    "backend", "\"server\" needs the address where the server takes S2S",
                    mend: "add server = \"127.0.0.1:15269\"")
            }
            return server.map { .server($0) }
        case .builtin:
            refuse(["secret", "secret_file", "server"])
            table.requires(
                .builtinBackend, for: "backend", "backend = \"builtin\" is not built yet", mend: "choose another")
            return .builtin
        }
    }

    private static func secret(text: String?, file: String?, in table: TableReader) -> SecretSource? {
        if table.isSet("secret"), table.isSet("secret_file") {
            table.error("secret", "stands beside secret_file, and only one can hold", mend: "remove one of the two")
            return nil
        }
        if let text, text.isEmpty {
            table.error("secret", "is empty", mend: "write the secret that the component uses")
            return nil
        }
        if let text { return .text(text) }
        if let file { return .file(file) }
        if !table.isSet("secret"), !table.isSet("secret_file") {
            table.error(
                "secret_file", "is missing: a component authenticates with a secret",
                mend: "add secret_file = \"secrets/a.example\" or secret = \"…\"")
        }
        return nil
    }
}
