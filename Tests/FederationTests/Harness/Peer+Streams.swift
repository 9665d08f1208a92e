import TestSupport
import TransportSecurity

/// The steps of a stream as every server takes them.
extension Peer {
    static func header(
        from: String?, to: String?, id: String? = nil, extra: String = "", content: String = "jabber:server",
        stream: String = "http://etherx.jabber.org/streams"
    ) -> String {
        "<?xml version='1.0'?><stream:stream xmlns='\(content)' xmlns:stream='\(stream)'"
            + (from.map { " from='\($0)'" } ?? "") + (to.map { " to='\($0)'" } ?? "")
            + (id.map { " id='\($0)'" } ?? "") + " version='1.0' \(extra)>"
    }

    static let startTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    static let proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    static let offer =
        "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
    static let mechanisms =
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism>"
        + "</mechanisms></stream:features>"
    static let success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
    static let auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>"
    static let featuresEnd = "</stream:features>"

    // MARK: - As initiating server

    /// Opens a stream; what came up to the end of the features.
    @discardableResult
    func open(from: String?, to: String?, id: String? = nil, extra: String = "") throws -> String {
        try send(Self.header(from: from, to: to, id: id, extra: extra))
        return try readFeatures()
    }

    /// What comes up to the end of the features.
    func readFeatures() throws -> String {
        let header = try read(until: "<stream:features")
        let rest = try read(until: ">")
        guard !rest.hasSuffix("/>") else { return header + rest }
        return try header + rest + read(until: Self.featuresEnd)
    }

    /// From the first byte to the last features, over STARTTLS.
    static func authenticated(
        to node: Node, from sender: String, to target: String, presenting issued: IssuedCertificate? = nil,
        extra: String = ""
    ) throws -> Peer {
        let peer = try Peer(dialling: node.s2s)
        try peer.open(from: sender, to: target)
        try peer.send(startTLS)
        try peer.read(until: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        try peer.secure(presenting: (issued ?? Network.issue(sender)).identity())
        try peer.authenticate(from: sender, to: target, extra: extra)
        return peer
    }

    /// From TLS to the last features.
    func authenticate(from sender: String, to target: String, extra: String = "") throws {
        let features = try open(from: sender, to: target, extra: extra)
        guard features.contains("EXTERNAL") else { throw HarnessFailure.malformed("no EXTERNAL: \(features)") }
        try send(Self.auth)
        try read(until: Self.success)
        try open(from: sender, to: target, extra: extra)
    }

    // MARK: - As receiving server

    /// Takes a connection and brings its stream up, as a server with this certificate.
    static func serving(
        _ listener: ByteListener, domain: String, with issued: IssuedCertificate? = nil, features: String = ""
    ) throws -> Peer {
        let peer = try Peer(accepted: listener.accept())
        try peer.serve(domain, with: issued, features: features)
        return peer
    }

    func serve(_ domain: String, with issued: IssuedCertificate? = nil, features: String = "") throws {
        try serveUntilSecured(domain, with: issued)
        try serveAuthentication(domain, features: features)
    }

    func serveUntilSecured(_ domain: String, with issued: IssuedCertificate? = nil) throws {
        try serveHeader(domain, Self.offer)
        try read(until: Self.startTLS)
        try send(Self.proceed)
        try secureAsServer(with: (issued ?? Network.issue(domain)).identity())
    }

    func serveAuthentication(_ domain: String, features: String = "") throws {
        try serveHeader(domain, Self.mechanisms)
        try read(until: "</auth>")
        try send(Self.success)
        try serveHeader(domain, "<stream:features>\(features)</stream:features>")
    }

    /// Reads the initiator's header and answers it.
    @discardableResult
    func serveHeader(_ domain: String, _ features: String) throws -> String {
        let header = try read(until: "<stream:stream") + read(until: ">")
        try send(Self.header(from: domain, to: nil, id: "id-of-\(domain)") + features)
        return header
    }

    static func message(_ from: String, _ to: String, _ body: String) -> String {
        "<message from='\(from)' to='\(to)' type='chat'><body>\(body)</body></message>"
    }
}
