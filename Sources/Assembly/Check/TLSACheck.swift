internal import Administration
internal import DNSMessages
internal import DomainAssociation
internal import NameResolution
internal import XMPPModel

/// The TLSA records of one endpoint, and what they mean for whoever connects to it (RFC 7671, RFC 7673), found as the
/// daemon finds them.
struct TLSACheck {
    let host: DNSName
    let port: UInt16
    /// What was found for each family.
    let addresses: [AddressResolution]

    /// What came of it.
    struct Found {
        /// As the daemon has it.
        let resolution: TLSAResolution
        /// Every answer on the way; none where nothing may be asked (DA-04).
        let answers: [Answer]
    }

    /// Asks until nothing is left to ask.
    func perform(_ ask: @Sendable (DNSQuestion) async -> Answer) async -> Found {
        var search = TLSASearch(host: host, port: port, addresses: addresses)
        var answers: [Answer] = []
        while let question = search.next {
            let answer = await ask(question)
            answers.append(answer)
            search.note(answer)
        }
        let nothing = TLSAResolution(base: host, records: [], security: .insecure, failure: nil)
        return Found(resolution: search.resolution ?? nothing, answers: answers)
    }
}

extension TLSACheck.Found {
    /// The steps in words.
    ///
    /// - Parameter delegationIsSecure: Whether DNSSEC vouches for the way to the host.
    func steps(delegationIsSecure: Bool, of domain: DomainName) -> [CheckReport.Step] {
        answers.map { answer in
            let step = "tlsa \(answer.question.name)"
            let words = AnswerWords(answer)
            guard answer.failure == nil else {
                return CheckReport.Step(
                    step, .failed,
                    words.statusAndReason
                        + "; the endpoint is not used, since a forger would suppress them so (RFC 7672 §2.2)",
                    fix: words.fix(of: answer.question.name))
            }
            guard !answer.records.isEmpty else {
                return CheckReport.Step(
                    step, .absent, "no records (\(words.brief)): DANE says nothing of this endpoint")
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
                step, .warning, "\(list) (secure): of no kind that is known, so that they prove nothing",
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
