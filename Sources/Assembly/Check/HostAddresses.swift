internal import Administration
internal import DNSMessages
internal import NameResolution
internal import XMPPModel

/// The addresses of one target, of both families.
struct HostAddresses {
    let host: DNSName
    /// In the order in which they are tried: IPv6 first.
    let addresses: [IPAddress]
    /// What DNSSEC says of the weaker of the two answers.
    let security: SecurityStatus
    /// The end of the aliases; the host itself where there are none.
    let canonicalName: DNSName

    /// What each family's answer comes to.
    let resolutions: [AddressResolution]

    private let answers: [Answer]

    /// Asks for both families at once.
    init(of host: DNSName, ask: @escaping @Sendable (DNSQuestion) async -> Answer) async {
        async let six = ask(DNSQuestion(host, .aaaa))
        async let four = ask(DNSQuestion(host, .a))
        let answers = await [six, four]
        let resolutions = zip([IPAddress.Family.v6, .v4], answers).map { AddressResolution($0, from: $1) }
        self.host = host
        self.resolutions = resolutions
        self.answers = answers
        addresses = resolutions.flatMap(\.addresses)
        security = resolutions[0].security.combined(with: resolutions[1].security)
        canonicalName = resolutions.lazy.compactMap(\.canonicalName).first { $0 != host } ?? host
    }

    /// The steps in words.
    func steps(of domain: DomainName) -> [CheckReport.Step] {
        var steps = [addressStep(of: domain)]
        if canonicalName != host {
            steps.append(
                CheckReport.Step(
                    "alias \(host)", .warning, "the target is an alias of \(canonicalName), which RFC 2782 forbids",
                    fix: "the operator of \(domain) should name \(canonicalName) in the SRV records"))
        }
        return steps
    }

    private func addressStep(of domain: DomainName) -> CheckReport.Step {
        let step = "addresses \(host)"
        if addresses.isEmpty, let failed = answers.first(where: { $0.failure != nil }) {
            let words = AnswerWords(failed)
            return CheckReport.Step(step, .failed, words.statusAndReason, fix: words.fix(of: host))
        }
        let weaker = AnswerWords(answers.first { $0.security == security } ?? answers[0])
        guard !addresses.isEmpty else {
            return CheckReport.Step(
                step, .failed, "the host has no address (\(weaker.statusAndReason))",
                fix: "the operator of \(domain) has to give \(host) an address, or name another target")
        }
        let list = addresses.map(\.description).joined(separator: ", ")
        return CheckReport.Step(
            step, weaker.result, "\(list) (\(weaker.brief))", fix: weaker.fix(of: host))
    }
}
