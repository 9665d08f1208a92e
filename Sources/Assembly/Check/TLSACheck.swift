internal import Administration
internal import DNSMessages
internal import NameResolution
internal import XMPPModel

/// The TLSA records of one endpoint, and what they mean for whoever connects to it (RFC 7671, RFC 7673).
struct TLSACheck {
    /// What was found.
    struct Found {
        fileprivate let port: UInt16
        fileprivate let answers: [Answer]
        fileprivate let hostIsSecure: Bool

        /// Whether the endpoint may be dialled as far as DNS goes: a failed or bogus lookup of TLSA records below a
        /// secure host closes the endpoint (RFC 7672 §2.2), a bogus address or service record does as well.
        func isUsable(addressSecurity: SecurityStatus, serviceSecurity: SecurityStatus) -> Bool {
            for security in [addressSecurity, serviceSecurity] {
                guard security == .secure || security == .insecure else { return false }
            }
            return !(hostIsSecure && answers.contains { $0.failure != nil })
        }

        /// The steps in words.
        func steps(delegationIsSecure: Bool, of domain: DomainName) -> [CheckReport.Step] {
            answers.map { answer in
                let step = "tlsa \(answer.question.name)"
                let words = AnswerWords(answer)
                guard answer.failure == nil else {
                    let isHarmless = !hostIsSecure
                    return CheckReport.Step(
                        step, isHarmless ? .warning : .failed,
                        words.statusAndReason
                            + (isHarmless
                                ? "; without effect, since the host's addresses are not signed"
                                : "; the endpoint is not used, since a forger would suppress them so (RFC 7672 §2.2)"),
                        fix: words.fix(of: answer.question.name))
                }
                guard !answer.records.isEmpty else {
                    return CheckReport.Step(
                        step, .absent, "no records (\(words.statusAndReason)): DANE says nothing of this endpoint")
                }
                return published(answer, step, words, delegationIsSecure, domain)
            }
        }

        private func published(
            _ answer: Answer, _ step: String, _ words: AnswerWords, _ delegationIsSecure: Bool, _ domain: DomainName
        ) -> CheckReport.Step {
            let records: [TLSARecord] = answer.records.compactMap {
                if case .tlsa(let record) = $0.data { record } else { nil }
            }
            let list = records.map { "\($0.usage) \($0.selector) \($0.matching)" }.joined(separator: ", ")
            guard answer.security == .secure else {
                return CheckReport.Step(
                    step, .warning, "\(list) (\(words.statusAndReason)): not signed, so that they count for nothing",
                    fix: words.fix(of: answer.question.name))
            }
            guard delegationIsSecure else {
                return CheckReport.Step(
                    step, .warning,
                    "\(list) (secure): without effect, since the way here is not signed (RFC 7673 §3.1)",
                    fix: "the operator of \(domain) should sign its zone, where the SRV records are")
            }
            guard records.contains(where: Self.isUsable) else {
                return CheckReport.Step(
                    step, .warning, "\(list) (secure): of no kind that is known, so that they count for nothing",
                    fix: "the operator of the host should publish usage 0 to 3, selector 0 or 1 and matching 0 to 2")
            }
            return CheckReport.Step(step, .ok, "\(list) (secure): the certificate has to match one of them")
        }

        private static func isUsable(_ record: TLSARecord) -> Bool {
            let lengths: [UInt8: Int] = [1: 32, 2: 64]
            return record.usage <= 3 && record.selector <= 1 && record.matching <= 2 && !record.data.isEmpty
                && (lengths[record.matching].map { record.data.count == $0 } ?? true)
        }
    }

    let port: UInt16
    /// Where to look: the end of a secure chain of aliases first, then the name itself (RFC 7671 §7).
    let bases: [DNSName]
    let hostIsSecure: Bool

    /// Asks at each place until one has records.
    func perform(_ ask: @Sendable (DNSQuestion) async -> Answer) async -> Found {
        var answers: [Answer] = []
        for base in bases {
            guard let name = try? base.prefixed(by: "_tcp").prefixed(by: "_\(port)") else { continue }
            let answer = await ask(DNSQuestion(name, .tlsa))
            answers.append(answer)
            if !answer.records.isEmpty || answer.failure != nil { break }
        }
        return Found(port: port, answers: answers, hostIsSecure: hostIsSecure)
    }
}
