internal import Administration
internal import Diagnostics
internal import DomainAssociation
internal import EventLoops
internal import Logging
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// Writes the facts of one stream to the log, with the stream's identity.
struct StreamLog {
    private let logger: Logger
    private let id: StreamID
    private let peer: SocketAddress?
    private var local: DomainName?
    private var remote: DomainName?
    private var dialbackLines = 0

    /// Lines about dialback on one stream: a peer can cause as many as it likes.
    private static let dialbackLimit = 100

    init(_ logger: Logger, id: StreamID, peer: SocketAddress?) {
        self.logger = logger
        self.id = id
        self.peer = peer
    }

    /// Whether the domains are not known yet; further pairs of a stream leave its name.
    var isNameless: Bool { remote == nil }

    /// Adds the domains, once they are known.
    mutating func name(_ pair: DomainPair, role: StreamRole) {
        local = role == .initiating ? pair.sender : pair.target
        remote = role == .initiating ? pair.target : pair.sender
    }

    private func write(_ level: Logger.Level, _ message: Logger.Message, _ facts: KeyValuePairs<LogField, String> = [:])
    {
        guard logger.logLevel <= level else { return }
        var logger = logger
        logger[.stream] = id.description
        logger[.peer] = peer?.description
        logger[.local] = local?.description
        logger[.remote] = remote?.description
        logger.log(level: level, message, metadata: .facts(facts))
    }

    func opened(_ role: StreamRole, directTLS: Bool) {
        write(
            .debug, role == .receiving ? "connection accepted" : "connection made",
            [.tls: directTLS ? "direct" : "later"])
    }

    /// - Parameter isFirst: Whether it is the first pair on the stream that rests on its proof. Thousands may follow, of which
    /// there is nothing new to say but that they are there.
    func established(_ association: Association, _ session: TLSSession?, isFirst: Bool) {
        var pair = self
        (pair.local, pair.remote) = (association.localDomain, association.remoteDomain)
        pair.write(
            isFirst ? .info : .debug, association.direction == .inbound ? "peer authenticated" : "stream established",
            [
                .prooftype: association.prooftype.description, .mechanism: association.mechanism.rawValue,
                .level: association.level.rawValue, .tls: Self.describe(session),
                .reason: association.proof.findings.first.map { "\($0.name) \($0.value)" } ?? "",
                .verdicts: association.verdicts.map(\.description).joined(separator: "; "),
            ])
    }

    /// Tells of a key that the domain was not proved with before, and that was accepted.
    func keyChanged(_ association: Association, metrics: Metrics) {
        metrics.countKeyChange(association)
        guard let change = association.keyChange else {
            return write(
                association.keyWitness == nil ? .warning : .notice,
                "the remote domain came with two keys when it was proved for the first time",
                [
                    .publicKey: association.publicKeySHA256.map(KnownKey.fingerprint(of:)) ?? "none",
                    .prooftype: association.prooftype.description,
                    .fix: "see them with ligasectl keys \(association.remoteDomain), and ask its operator for both",
                ])
        }
        guard let explanation = change.explanation else {
            return tell(
                of: change, "the key of the remote domain has changed, and nothing that it publishes explains it",
                association.prooftype.description, association.verdicts, association.certificateSHA256,
                "key_change = \"refuse\" in [[remote]] refuses what is not explained")
        }
        write(
            .notice, "the key of the remote domain has changed, as it says itself",
            [
                .publicKey: change.fingerprint, .formerPublicKeys: Self.list(change.former),
                .prooftype: explanation.description,
            ])
    }

    private func tell(
        of change: KeyChange, _ message: Logger.Message, _ prooftype: String, _ verdicts: [ProofVerdict],
        _ certificate: [UInt8]?, _ remedy: String
    ) {
        write(
            .warning, message,
            [
                .publicKey: change.fingerprint, .formerPublicKeys: Self.list(change.former),
                .certificate: certificate.map(KnownKey.fingerprint(of:)) ?? "none", .prooftype: prooftype,
                .verdicts: verdicts.map(\.description).joined(separator: "; "),
                .fix: "ask the operator of \(change.domain), on another way than XMPP, whether this is their key; "
                    + "somebody may be in between. \(remedy)",
            ])
    }

    private static func list(_ keys: [KnownKey]) -> String {
        keys.map { "\($0.fingerprint) (\($0.prooftype), last seen \(Timestamp(secondsSince1970: $0.lastSeen)))" }
            .joined(separator: ", ")
    }

    /// The memory has no room for the domain, so that another key will not be noticed.
    func keyNotRemembered() {
        write(
            .notice, "the key of the remote domain is not remembered: too many domains are",
            [.fix: "see who they are with ligasectl keys; pin_sha256 protects a domain whatever is remembered"])
    }

    func proofEnded(_ end: StreamConnection.ProofEnd) {
        switch end {
        case .expired(let reason):
            write(.notice, "the proof of the peer has expired", [.step: "proof", .reason: reason])
        case .refuted(let conclusion):
            write(
                .warning, "what the peer was proved by is refuted now",
                [
                    .step: "proof", .reason: conclusion.explanation,
                    .fix: "ask the domain's operator whether the published keys are right",
                ])
        }
    }

    func contradicted(_ association: Association, by verdicts: [ProofVerdict]) {
        write(
            .warning, "the domain publishes other keys than the peer's",
            [
                .prooftype: association.prooftype.description,
                .reason: verdicts.map(\.description).joined(separator: "; "),
                .fix: "ask the domain's operator which is right; prooftypes without \"\(association.prooftype)\" in a "
                    + "[[remote]] for the domain would refuse the peer",
            ])
    }

    func ended() { write(.debug, "stream ended") }

    func tlsFailed(_ reason: String, metrics: Metrics) {
        metrics.add(1, to: .tlsHandshakesFailed)
        write(.notice, "TLS failed", [.step: "tls", .reason: reason])
    }

    mutating func write(_ report: StreamReport, metrics: Metrics) {
        switch report {
        case .proofRefused(let conclusion):
            metrics.add(1, to: .proofsRefused)
            if let change = conclusion.refusedKeyChange {
                metrics.add(1, to: .keyChangesRefused)
                tell(
                    of: change, "the key of the remote domain has changed, and is refused", "none",
                    conclusion.verdicts, conclusion.claim.certificates.first?.sha256,
                    "If it is theirs: ligasectl keys forget \(change.domain)")
            }
            let presented =
                conclusion.claim.certificates.first.map { "\($0.subject) sha256 \($0.sha256Text)" } ?? "none"
            write(
                .notice, "the peer could not be proved",
                [.step: "proof", .reason: conclusion.explanation, .certificate: presented])
        case .invalidAddress(let text, let error):
            write(.notice, "invalid address in the stream header", [.reason: "\(text): \(error)"])
        case .closing(let error):
            metrics.add(1, to: .streamErrorsSent)
            write(
                .notice, "stream closed with an error",
                [.condition: error.condition.rawValue, .reason: error.text ?? ""])
        case .peerError(let error):
            metrics.add(1, to: .streamErrorsReceived)
            write(
                .notice, "the peer closed the stream with an error",
                [.condition: error.condition.rawValue, .reason: error.text ?? ""])
        case .authenticationRefused(let condition, let text):
            write(
                .notice, "the peer refused our certificate",
                [
                    .step: "authenticate", .condition: condition, .reason: text ?? "",
                    .fix: "compare the certificate for this domain with what the peer's operator trusts",
                ])
        case .dialback(let report):
            dialbackLines += 1
            guard dialbackLines <= Self.dialbackLimit else { return }
            let isLast = dialbackLines == Self.dialbackLimit
            write(
                .notice, isLast ? "dialback; no more is said of it on this stream" : "dialback",
                [.step: "dialback", .reason: report.description])
        case .authenticationFailed(let condition):
            write(.notice, "the peer failed to authenticate", [.step: "authenticate", .condition: condition])
        }
    }

    static func describe(_ session: TLSSession?) -> String {
        guard let session, let version = session.version else { return "none" }
        return "\(version) \(session.cipherSuite ?? "")"
    }
}
