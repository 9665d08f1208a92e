import DNSMessages
import DNSTransport
import DomainAssociation
import EventLoops
import HTTPExchange
import NameResolution
import POSHTransport
import Prooftypes
import Synchronization
import TestSupport
import TransportSecurity
import XMPPModel

/// nginx with hosts below `posh.example`, and Ligase's retrieval of POSH documents, which asks it.
final class DocumentServer {
    /// What one retrieval came to.
    struct Outcome {
        /// What was retrieved.
        let keys: PublishedKeys
        /// Whether it proves the peer's certificate, and why not.
        let assessment: Assessment
        /// What nginx was asked meanwhile, as `host path status`.
        let requests: [String]
        /// What of it should not have been sent: encodings, cookies, credentials, as `-` for nothing.
        let extras: Set<String>
        /// The protocols that were spoken.
        let protocols: Set<String>
    }

    private let directory: TemporaryDirectory
    private let authority: TestSupport.CertificateAuthority
    private let strangers: TestSupport.CertificateAuthority
    private let nginx: NginxServer
    private let nameServer: NameServer
    private let resolver: SharedResolver
    private let client: SharedPOSHClient
    private let loop: EventLoop
    private let peer: [PeerCertificate]
    private var requestsSeen = 0

    /// - Parameters:
    ///   - overHTTP1: Whether nginx speaks nothing newer.
    ///   - timeLimit: How long a retrieval may take.
    ///   - allowsPrivateAddresses: Whether nginx may be asked where DNS says that it is. Where the settings say so, as for
    ///     hosts below `posh.example`, it may anyhow.
    init(
        _ scenario: String, overHTTP1: Bool = false, timeLimit: Duration = .seconds(10),
        allowsPrivateAddresses: Bool = true
    ) throws {
        directory = try TemporaryDirectory()
        authority = try TestSupport.CertificateAuthority()
        strangers = try TestSupport.CertificateAuthority(named: "Nobody's Authority")
        let peerFiles = try authority.makeSelfSigned(CertificateRequest(["hosting.example.net"]))
        let names = ["*.posh.example", "hosting.example"]
        let web = try authority.issue(CertificateRequest(names))
        let address = LoopbackAddress.unused()
        let (secured, plain) = (try Endpoint.unused(on: address), try Endpoint.unused(on: address))
        var values = [
            "directory": directory.path, "authority": authority.certificate, "nginx.address": "\(address)",
            "nginx.port": "\(secured.port)", "nginx.plain_port": "\(plain.port)",
            "listen": "listen \(secured) ssl\(overHTTP1 ? "" : " http2");",
            "rfc": "/.well-known/posh/xmpp-server.json", "draft": "/.well-known/posh._xmpp-server._tcp.json",
        ]
        for (name, files) in [
            ("web", web), ("self_signed", try authority.makeSelfSigned(CertificateRequest(names))),
            ("expired", try authority.issue(CertificateRequest(names, validity: .expired))),
            ("wrong_name", try authority.issue(CertificateRequest(["other.example"]))),
            ("untrusted", try strangers.issue(CertificateRequest(names))),
        ] {
            values["\(name).certificate"] = files.certificate
            values["\(name).private_key"] = files.privateKey
        }
        for (name, value) in try peerFiles.publishedKeyValues() { values["peer.\(name)"] = value }
        values["other.sha256"] = try web.publishedKeyValues()["sha256"]
        try Self.writeDocuments(to: directory, sha256: values["peer.sha256"] ?? "")
        nginx = try NginxServer(
            at: [secured, plain],
            configuration: Template(file: TestNetwork.path(of: "nginx.conf", for: scenario)).filled(with: values),
            in: directory)
        nameServer = try NameServer(
            zone: "hosting.example A \(address)\nimpostor.example A \(address)\nunused.posh.example A \(address)")
        peer = try Certificate.chain(pem: Array(contents(ofFile: peerFiles.certificate).utf8))
        loop = try EventLoop(name: "asker")
        resolver = try SharedResolver(
            ResolverSettings(
                endpoints: [.cleartext(try SocketAddress(nameServer.endpoint.description))],
                zones: [ResolutionZone(name: .root, servers: [0], validation: .off)], anchors: TrustAnchorSet()))
        let server = try SocketAddress(secured.description)
        let authorities = HTTPTrust.Authorities.pem(Array(contents(ofFile: authority.certificate).utf8))
        var settings = RetrievalSettings { domain in
            RetrievalRules(
                authorities: authorities, server: domain.description.hasSuffix(".posh.example") ? server : nil,
                addressGuard: POSHAddressGuard(allowsPrivateAddresses: allowsPrivateAddresses))
        }
        settings.timeLimit = timeLimit
        client = try SharedPOSHClient(settings) { [resolver] in resolver.resolver(on: $0) }
    }

    deinit {
        client.shutDown()
        resolver.shutDown()
        loop.stop()
    }

    /// Retrieves what `label.posh.example` publishes, and has the peer's certificate judged by it.
    func retrieve(_ label: String, at moment: Int64) throws -> Outcome {
        let domain = try DomainName("\(label).posh.example")
        let (client, loop) = (client, loop)
        let answer = RetrievedKeys()
        loop.execute {
            let source = client.source(on: loop)
            source.publishedKeys(of: domain, for: .server) { keys in
                // Kept until the answer is there.
                withExtendedLifetime(source) { answer.set(keys) }
            }
        }
        guard eventually(within: .seconds(15), { answer.keys != nil }), let keys = answer.keys else {
            throw HarnessFailure.timedOut(awaiting: "document of \(domain)", log: nginx.process.log)
        }
        var evidence = Evidence()
        evidence.add(keys, of: domain, for: .server)
        let claim = DomainClaim(
            pair: DomainPair(sender: try DomainName("ligase.example"), target: domain), side: .target,
            certificates: peer, moment: moment)
        let lines = newRequests(atLeast: keys.urls.count)
        return Outcome(
            keys: keys, assessment: POSHProoftype().assess(claim, with: evidence),
            requests: lines.map { $0.prefix(3).joined(separator: " ") }, extras: Set(lines.map { $0[3] }),
            protocols: Set(lines.map { $0[4] }))
    }

    /// The words of the lines that nginx has logged since the last call. It logs a request when it is over for nginx, which
    /// may be a little later than for the client; handshakes that fail it does not log here.
    private func newRequests(atLeast count: Int) -> [[String]] {
        var lines: [Substring] = []
        _ = eventually(within: .milliseconds(200)) {
            lines = contents(ofFile: directory.path(of: "requests.log")).split(separator: "\n")
            return lines.count >= requestsSeen + count
        }
        defer { requestsSeen = lines.count }
        return lines.dropFirst(requestsSeen).map { $0.split(separator: " ").map(String.init) }
            .filter { $0.count >= 5 }
    }

    private final class RetrievedKeys: Sendable {
        private let found = Mutex<PublishedKeys?>(nil)

        var keys: PublishedKeys? { found.withLock { $0 } }

        func set(_ keys: PublishedKeys) { found.withLock { $0 = keys } }
    }

    private static func writeDocuments(to directory: TemporaryDirectory, sha256: String) throws {
        let folder = try directory.makeDirectory("documents")
        let document = #"{"fingerprints":[{"sha-256":"\#(sha256)"}],"expires":3600}"#
        func padded(to length: Int) -> String {
            document + String(repeating: " ", count: length - document.utf8.count)
        }
        try directory.write(document, to: "documents/document.json")
        try directory.write(padded(to: POSHDocument.mostOctets), to: "documents/full.json")
        try directory.write(padded(to: POSHDocument.mostOctets + 1), to: "documents/large.json")
        try directory.write(document, to: "documents/compressed.json")
        try directory.write("", to: "documents/nobody")
        try Program.run("gzip", ["\(folder)/compressed.json"])
    }
}

extension CertificateFiles {
    /// What POSH documents say of a certificate on P-256: `sha256` in base64; `x`, `y` and `x5t` in base64url. By openssl.
    func publishedKeyValues() throws -> [String: String] {
        func encoded(_ command: String, url: Bool = true) throws -> String {
            let encoding = url ? "openssl base64 -A | tr '+/' '-_' | tr -d '='" : "openssl base64 -A"
            return try Program.run("sh", ["-c", "\(command) | \(encoding)", certificate])
        }
        let key = "openssl x509 -in \"$0\" -noout -pubkey | openssl pkey -pubin -outform DER | tail -c 64"
        let der = "openssl x509 -in \"$0\" -outform DER"
        return [
            "sha256": try encoded("\(der) | openssl dgst -sha256 -binary", url: false),
            "x": try encoded("\(key) | head -c 32"), "y": try encoded("\(key) | tail -c 32"),
            "x5t": try encoded("\(der) | openssl dgst -sha1 -binary"),
        ]
    }
}
