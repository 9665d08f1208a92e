internal import Administration
internal import DNSMessages
internal import NameResolution

/// An answer in words: how far it can be trusted, why, and what to do about it.
struct AnswerWords {
    let answer: Answer
    /// The internal zone that the answer comes from, if nothing in the configuration says whether it is signed (EN-10).
    let undeclaredZone: DNSName?

    init(_ answer: Answer, undeclaredZone: DNSName? = nil) {
        self.answer = answer
        self.undeclaredZone = undeclaredZone
    }

    /// `secure`, `insecure`, `bogus` or `indeterminate`.
    var status: String { answer.security.rawValue }

    /// Why, in one sentence; empty where there is nothing to say.
    var reason: String {
        // What was proved on the way explains an answer, and no failure; a bogus answer's failure is the report's reason.
        if let failure = answer.failure, !failure.isOfValidation { return failure.description }
        if let report = answer.report, !report.reason.isEmpty { return report.reason }
        if let failure = answer.failure { return failure.description }
        return answer.security == .insecure ? "not validated" : ""
    }

    /// Both, for a step.
    var statusAndReason: String { reason.isEmpty ? status : "\(status): \(reason)" }

    /// The status, and why where it is not as it should be: `resolve` tells the rest.
    var brief: String { answer.security == .secure && answer.failure == nil ? status : statusAndReason }

    /// What a step with this answer comes to.
    var result: CheckReport.Result {
        answer.failure == nil ? Self.result(of: answer.security) : .failed
    }

    /// What a step of this status comes to.
    static func result(of status: SecurityStatus) -> CheckReport.Result {
        switch status {
        case .secure: .ok
        case .insecure: .warning
        case .bogus, .indeterminate: .failed
        }
    }

    /// What to do, and who has to; nil when all is well.
    func fix(of owner: DNSName) -> String? {
        let name = Self.host(owner)
        if answer.security == .bogus, let undeclaredZone {
            return
                "\(undeclaredZone) is a [[dns.zone]] that is judged by the public tree, which does not lead there: write "
                + "its trust_anchor if it is signed, and validation = \"off\" if it is not"
        }
        if answer.security == .bogus, let first = answer.report?.chain.first, first.status == .bogus {
            return Self.anchorFix(at: first.zone)
        }
        if let failure = answer.failure { return Self.fix(of: failure, at: name) }
        switch answer.security {
        case .secure: return nil
        case .insecure where answer.report == nil:
            return "validate here: validation = \"local\" in [dns]"
        case .insecure:
            return "the operator of \(name) should sign the zone: without DNSSEC a forged answer leads anywhere"
        case .bogus, .indeterminate:
            return Self.bogusFix(at: name)
        }
    }

    /// The name that an operator would recognise as theirs: service labels are no part of it.
    private static func host(_ name: DNSName) -> DNSName {
        var host = name
        while host.labels.first?.first == UInt8(ascii: "_"), let parent = host.parent { host = parent }
        return host
    }

    private static func fix(of failure: LookupFailure, at name: DNSName) -> String {
        switch failure {
        case .bogus: bogusFix(at: name)
        case .timedOut, .unreachable, .noServers:
            "check the name servers in [dns], and that they can be reached from this host"
        case .serverAnswered(let code):
            code == .refused
                ? "ask the operator of our name server to answer this host, or name another one in [dns]"
                : "the name servers of \(name) do not answer ours: its operator has to mend them"
        case .notAuthenticated:
            "compare the server's certificate and key with its name, ca and pin_sha256 in [dns]; unless its operator changed "
                + "them, somebody may be in the way"
        case .refusedByHTTP: "check the path of the https:// server in [dns], and the credential that it wants"
        case .malformed, .lameServer: "name another server in [dns]: this one does not answer as a resolver does"
        case .tooManyAliases: "the operator of \(name) has to mend its aliases"
        case .notAName: "check the spelling"
        case .overloaded, .cancelled: "try again"
        default: "see the reason; check the name servers in [dns]"
        }
    }

    /// Nothing below can be proved: it is not the name asked about that is at fault.
    private static func anchorFix(at zone: DNSName) -> String {
        "not even the keys of \(zone), where the chain of trust begins, could be proved: name a server in [dns] that "
            + "passes DNSSEC on, and check trust_anchor and this host's clock"
    }

    private static func bogusFix(at name: DNSName) -> String {
        "the operator of \(name) has to mend its signatures; until then nothing is sent there. If other signed domains "
            + "fail too, check this host's clock and the trust anchor in [dns]; if none does, somebody may be forging"
    }
}

extension SecurityStatus {
    /// As reports have it.
    var reported: LookupReport.Status {
        switch self {
        case .secure: .secure
        case .insecure: .insecure
        case .bogus: .bogus
        case .indeterminate: .indeterminate
        }
    }
}
