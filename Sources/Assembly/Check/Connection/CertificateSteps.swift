internal import Administration
internal import DomainAssociation
internal import Prooftypes
internal import TransportSecurity
internal import XMPPModel

/// What is to be said of the certificates that a server presented, whoever they prove.
struct CertificateSteps {
    let domain: DomainName
    let service: ClaimedService
    /// As presented, the leaf first; at least one.
    let chain: [PeerCertificate]
    let trustStore: TrustStore
    /// The host that secure DNS led to, which the certificate may name in place of the domain (CM-14).
    let secureHost: String?
    /// Whether DANE or POSH proves it, for which chain and names do not count.
    let isProvenOtherwise: Bool
    /// Seconds since 1970.
    let moment: Int64
    /// As steps name the endpoint.
    let name: String

    /// Who gets a reminder: certificates that end sooner than this, in seconds.
    private static let notice: Int64 = 14 * 86_400

    /// The steps.
    var steps: [CheckReport.Step] {
        guard let leaf = chain.first else { return [] }
        var steps = [summaryStep(leaf), chainStep, namesStep(leaf), usageStep(leaf), expiryStep(leaf), keyStep(leaf)]
        if service == .server, let step = strictPeersStep(leaf) { steps.append(step) }
        return steps
    }

    /// One line for the table of targets.
    static func summary(of leaf: PeerCertificate) -> String {
        "\(leaf.subject), issued by \(leaf.issuer), until \(Timestamp(secondsSince1970: leaf.notAfter)), "
            + "sha256 \(leaf.sha256Text)"
    }

    private func summaryStep(_ leaf: PeerCertificate) -> CheckReport.Step {
        CheckReport.Step(
            "certificate \(name)", .ok, "\(leaf.subject), issued by \(leaf.issuer), sha256 \(leaf.sha256Text)")
    }

    // MARK: - Chain

    private var chainStep: CheckReport.Step {
        let step = "path \(name)"
        switch trustStore.validate(chain: chain, at: moment, direction: .outbound) {
        case .trusted(let path):
            let detail = path.subjects.joined(separator: " ← ")
            guard let stale = path.staleRevocationLists.first else { return CheckReport.Step(step, .ok, detail) }
            return CheckReport.Step(
                step, .warning, "\(detail); the revocation list of \(stale) is out of date",
                fix: "fetch the revocation lists of tls.crl anew")
        case .untrusted(let fault):
            let suffix = isProvenOtherwise ? "; without consequence where DANE or POSH proves it" : ""
            return CheckReport.Step(
                step, isProvenOtherwise ? .warning : .failed, "\(fault)\(suffix)",
                fix: Self.fix(of: fault, chain, domain))
        }
    }

    private static func fix(of fault: ChainFault, _ chain: [PeerCertificate], _ domain: DomainName) -> String {
        let who = "the operator of \(domain)"
        switch fault {
        case .selfSigned:
            return
                "\(who) needs a certificate of an authority, or has to publish this one by signed TLSA records or POSH"
        case .unknownIssuer where chain.count == 1:
            return "\(who) has to give the server the whole chain (fullchain.pem): an intermediate certificate is "
                + "missing; if the authority is a private one, name it in trust_anchors"
        case .unknownIssuer, .unknownRoot:
            return "\(who) needs a certificate of an authority that others trust; if this one is right, name it in "
                + "trust_anchors"
        case .expired, .issuerExpired:
            return "\(who) has to renew the certificate, and let the server read it"
        case .notYetValid, .issuerNotYetValid: return "compare the clocks of both hosts"
        case .revoked: return "\(who) has to get a new certificate: this one was withdrawn"
        case .staleRevocationList, .badRevocationList: return "fetch the revocation lists of tls.crl anew"
        default: return "\(who) has to get another certificate"
        }
    }

    // MARK: - Names

    private func namesStep(_ leaf: PeerCertificate) -> CheckReport.Step {
        let step = "names \(name)"
        let all = PresentedIdentifiers.summary(leaf)
        if let match = PresentedIdentifiers.match(leaf, domain, service: service) {
            let wildcard = match.name.hasPrefix("*.") ? ", a wildcard" : ""
            return CheckReport.Step(
                step, .ok, "\(match.kind) \(match.name)\(wildcard) stands for \(domain); it names \(all)")
        }
        if let secureHost, PresentedIdentifiers.match(leaf, hosts: [secureHost]) != nil {
            return CheckReport.Step(
                step, .warning,
                "names \(secureHost), where signed SRV records lead, and not \(domain): peers that do not validate DNSSEC "
                    + "refuse it; it names \(all)",
                fix:
                    "the operator of \(domain) should have \(domain) in the certificate, or publish TLSA records or POSH"
            )
        }
        return CheckReport.Step(
            step, isProvenOtherwise ? .warning : .failed, "nothing stands for \(domain); it names \(all)",
            fix: "the operator of \(domain) needs a certificate with the dNSName \(domain)"
                + (leaf.subjectAlternativeNames.isEmpty ? ": a common name counts for nothing" : ""))
    }

    // MARK: - Usage, dates, key

    private func usageStep(_ leaf: PeerCertificate) -> CheckReport.Step {
        let step = "usage \(name)"
        guard case .only(let purposes) = leaf.extendedKeyUsage else {
            return CheckReport.Step(step, .ok, "no extended key usage: good for both sides")
        }
        let isServer = purposes.contains(.any) || purposes.contains(.serverAuthentication)
        let isClient = purposes.contains(.any) || purposes.contains(.clientAuthentication)
        switch (isServer, isClient) {
        case (true, true): return CheckReport.Step(step, .ok, "serverAuth and clientAuth")
        case (true, false): return CheckReport.Step(step, .ok, "serverAuth")
        case (false, _):
            return CheckReport.Step(
                step, isProvenOtherwise ? .warning : .failed,
                isClient ? "clientAuth alone: not for a server" : "neither serverAuth nor clientAuth",
                fix: "the operator of \(domain) needs a certificate with the extended key usage serverAuth")
        }
    }

    private func expiryStep(_ leaf: PeerCertificate) -> CheckReport.Step {
        let step = "expiry \(name)"
        let end = Timestamp(secondsSince1970: leaf.notAfter)
        let remaining = leaf.notAfter - moment
        guard remaining > 0 else {
            return CheckReport.Step(
                step, isProvenOtherwise ? .warning : .failed, "ended at \(end)",
                fix: "the operator of \(domain) has to renew the certificate, and let the server read it")
        }
        let days = "\(remaining / 86_400) days"
        guard remaining >= Self.notice else {
            return CheckReport.Step(
                step, .warning, "ends at \(end), in \(days)",
                fix: "the operator of \(domain) should see why it was not renewed yet")
        }
        return CheckReport.Step(step, .ok, "until \(end), \(days)")
    }

    private func keyStep(_ leaf: PeerCertificate) -> CheckReport.Step {
        let kind: String
        let isWeak: Bool
        switch leaf.keyKind {
        case .rsa: (kind, isWeak) = ("RSA of \(leaf.keyBits) bits", leaf.keyBits < 2048)
        case .ellipticCurve: (kind, isWeak) = ("an elliptic curve of \(leaf.keyBits) bits", leaf.keyBits < 224)
        case .edwardsCurve: (kind, isWeak) = ("an Edwards curve", false)
        case .other: (kind, isWeak) = ("a kind of key that few know", true)
        }
        let signature = leaf.signatureAlgorithm
        let isWeaklySigned = ["sha1", "md5"].contains { signature.lowercased().contains($0) }
        return CheckReport.Step(
            "key \(name)", isWeak || isWeaklySigned ? .warning : .ok, "\(kind), signed by \(signature)",
            fix: isWeak || isWeaklySigned
                ? "the operator of \(domain) should get a certificate with RSA from 2048 bits or P-256, signed by SHA-2"
                : nil)
    }

    // MARK: - Others

    /// What servers that are stricter than we will not take, of this certificate.
    private func strictPeersStep(_ leaf: PeerCertificate) -> CheckReport.Step? {
        var objections: [String] = []
        if case .only(let purposes) = leaf.extendedKeyUsage, !purposes.contains(.any),
            !purposes.contains(.clientAuthentication)
        {
            objections.append(
                "ejabberd 23.01 wants clientAuth of who dials it, and goes on with dialback or not at all")
        }
        let hasHostName = leaf.subjectAlternativeNames.contains { name in
            guard case .dnsName(let text) = name else { return false }
            return PresentedIdentifiers.matchesDNSName(text, domain.ascii)
        }
        if !hasHostName {
            objections.append("ejabberd, MongooseIM, Metre and xmpp-proxy look at dNSName alone, which is missing here")
        }
        guard !objections.isEmpty else { return nil }
        return CheckReport.Step(
            "strictness \(name)", .warning, objections.joined(separator: "; "),
            fix: "the operator of \(domain) should ask for a certificate with "
                + (hasHostName ? "both usages, if the authority gives them" : "the dNSName \(domain)"))
    }
}
