public import XMPPModel

/// "Is this key yours?": what the authoritative server of a sender domain is asked (XEP-0220 §2.1.2).
///
/// A question is made for one pair on one stream and can be answered once. ``accept(_:under:)`` is the only way to a domain
/// that is proved by dialback, and the one place that decides what an answer is worth (DB-09, PA-06, OW-03).
public struct DialbackQuestion: Hashable, Sendable {
    /// What tells an answer which question it belongs to.
    public struct Identity: Hashable, Sendable {
        /// The pair that is to be proved.
        public let pair: DomainPair
        /// The identifier of the stream on which the key came.
        public let streamID: String

        /// Makes an identity; it asks nothing.
        public init(pair: DomainPair, streamID: String) {
            self.pair = pair
            self.streamID = streamID
        }
    }

    /// How a question ended.
    public enum Decision: Hashable, Sendable {
        /// The peer speaks for the sender domain, towards this target.
        case proven(ProvenDomain)
        /// It does not, as far as anybody can tell.
        case refused(DialbackRefusal)
    }

    /// What the peer claims, with what it presented on the stream on which the key came.
    public let claim: DomainClaim
    /// Whether TLS protects that stream.
    public let isEncrypted: Bool
    /// The identifier in the response header of that stream.
    public let streamID: String
    /// The key as it came.
    public let key: String
    /// Whether an answer may still come.
    public private(set) var isOpen = true

    /// Opens a question.
    ///
    /// - Parameters:
    ///   - claim: The claim of the sender's side that no prooftype has proved.
    ///   - isEncrypted: Whether TLS protects the stream on which the key came.
    ///   - streamID: The identifier in the response header of that stream.
    ///   - key: The key as it came.
    public init(_ claim: DomainClaim, isEncrypted: Bool, streamID: String, key: String) {
        self.claim = claim
        self.isEncrypted = isEncrypted
        self.streamID = streamID
        self.key = key
    }

    /// The pair that is to be proved.
    public var pair: DomainPair { claim.pair }
    /// What an answer has to name.
    public var identity: Identity { Identity(pair: pair, streamID: streamID) }

    // MARK: - The server

    /// Why the word of a server counts for nothing; nil when it counts. Asked before the key is sent, and again when the
    /// answer is there.
    public func objection(to server: AuthoritativeServer, under rules: DialbackRules) -> DialbackRefusal? {
        let serverClaim = server.conclusion.claim
        guard claim.side == .sender, serverClaim.side == .target, serverClaim.claimedDomain == pair.sender else {
            return DialbackRefusal(.notAcceptable, "\(server.address) was not dialled for \(pair.sender)")
        }
        guard rules.isUnopposed(server.conclusion) else {
            return DialbackRefusal(
                .notAuthorized,
                "the server of \(pair.sender) at \(server.address) is not its own: \(server.conclusion.explanation)")
        }
        // Who publishes keys speaks TLS in either direction, and a stream without it is somebody else's.
        guard isEncrypted || !rules.policy.demandsTLS(of: serverClaim.delegation) else {
            return DialbackRefusal(
                .policyViolation, "TLS is demanded of \(pair.sender), and the stream on which its key came has none")
        }
        guard server.isEncrypted || !rules.policy.demandsTLS(of: serverClaim.delegation) else {
            return DialbackRefusal(
                .notAuthorized,
                "TLS is demanded of \(pair.sender), and its server at \(server.address) has none")
        }
        guard level(with: server) >= rules.policy.level else { return shortfall(server, rules) }
        guard rules.isSecureEnough(serverClaim.delegation) else {
            return DialbackRefusal(
                .notAuthorized,
                "DNSSEC does not vouch for the way to \(server.address): \(serverClaim.delegation?.detail ?? "")")
        }
        return nil
    }

    /// Whether a server presents the very certificate that the peer presented, for the sender domain by name: then both are
    /// the same, and nobody has to be asked (XEP-0344 §2.6, DK-07).
    public func hasSameCertificate(as server: AuthoritativeServer) -> Bool {
        guard isEncrypted, let theirs = server.certificate, let own = claim.certificates.first, theirs.der == own.der
        else { return false }
        return own.names(pair.sender)
    }

    /// What both streams and the server's proof together are worth.
    private func level(with server: AuthoritativeServer) -> FederationPolicy.Level {
        guard isEncrypted, server.isEncrypted else { return .verified }
        guard case .proven(let domain) = server.conclusion else { return .encrypted }
        return domain.level
    }

    private func shortfall(_ server: AuthoritativeServer, _ rules: DialbackRules) -> DialbackRefusal {
        guard isEncrypted else {
            return DialbackRefusal(.policyViolation, "TLS is demanded of \(pair.sender), and its stream has none")
        }
        return DialbackRefusal(
            .notAuthorized,
            """
            the server of \(pair.sender) at \(server.address) could not be proved, which level "\(rules.policy.level)" \
            demands: \(server.conclusion.explanation)
            """)
    }

    // MARK: - The answer

    /// Takes the answer and closes the question; nil when it is closed already.
    public mutating func accept(_ answer: DialbackAnswer, under rules: DialbackRules) -> Decision? {
        guard isOpen else { return nil }
        isOpen = false
        switch answer {
        case .valid(let server): return decide(server, rules, "the key was confirmed by \(server.address)")
        case .sameCertificate(let server):
            guard hasSameCertificate(as: server) else {
                return .refused(DialbackRefusal(.notAcceptable, "\(server.address) has another certificate"))
            }
            return decide(server, rules, "\(server.address) has the certificate of the peer")
        case .invalid(let server):
            return .refused(
                DialbackRefusal(.invalidKey, "\(server.address), the server of \(pair.sender), does not know the key"))
        case .unproven(let server):
            let objection = objection(to: server, under: rules)
            return .refused(objection ?? DialbackRefusal(.notAcceptable, "\(server.address) was not asked"))
        case .unacceptable(let reason): return .refused(DialbackRefusal(.notAuthorized, reason))
        case .notFound(let reason): return .refused(DialbackRefusal(.remoteServerNotFound, reason))
        case .unreachable(let reason): return .refused(DialbackRefusal(.remoteConnectionFailed, reason))
        case .silent(let reason): return .refused(DialbackRefusal(.remoteServerTimeout, reason))
        case .overloaded(let reason): return .refused(DialbackRefusal(.resourceConstraint, reason))
        }
    }

    private func decide(_ server: AuthoritativeServer, _ rules: DialbackRules, _ finding: String) -> Decision {
        if let objection = objection(to: server, under: rules) { return .refused(objection) }
        let level = level(with: server)
        var findings = [Proof.Finding(name: "authoritative_server", value: server.address)]
        var proof = Proof([:], expires: nil)
        var prooftype = ProoftypeName.dialback
        var witness: ProoftypeName?
        var keyChange: KeyChange?
        if case .proven(let domain) = server.conclusion {
            findings.append(Proof.Finding(name: "proved_by", value: domain.prooftype.description))
            findings += domain.proof.findings.filter { $0.name != "delegation" }
            if level == .authenticated {
                prooftype = domain.prooftype
                proof.expires = domain.proof.expires
                (witness, keyChange) = (domain.keyWitness, domain.keyChange)
            }
        } else {
            findings.append(Proof.Finding(name: "proved_by", value: "nothing: \(server.conclusion.explanation)"))
        }
        findings.append(Proof.Finding(name: "dialback", value: finding))
        let delegation = server.conclusion.claim.delegation
        proof.findings = findings + DialbackRules.findings(of: delegation)
        proof.hasSecureDelegation = delegation?.isSecure ?? false
        let own = ProofVerdict(
            prooftype: .dialback, result: level == .authenticated ? .matched : .proven, reason: finding)
        var proven = ProvenDomain(
            claim: claim, prooftype: prooftype, proof: proof, level: level,
            verdicts: server.conclusion.verdicts + [own], keyWitness: witness, keyChange: keyChange)
        proven.basis = level == .authenticated ? .authoritativeServer(server.conclusion.claim) : .nobody
        return .proven(proven)
    }
}

extension PeerCertificate {
    /// Whether one of its names is the domain, spelled out: what a wildcard covers is for prooftypes to say, and a shortcut
    /// may be narrower than they are.
    fileprivate func names(_ domain: DomainName) -> Bool {
        let ascii = domain.ascii
        return subjectAlternativeNames.contains { name in
            switch name {
            case .dnsName(let text): text.lowercased() == ascii
            case .srvName(let text): text.lowercased() == "_xmpp-server.\(ascii)"
            case .xmppAddress(let text): (try? DomainName(text)) == domain
            case .ipAddress, .unusable: false
            }
        }
    }
}
