internal import ArgumentParser
internal import DNSMessages

/// What a resolver is asked, one phase after the other with the cache of the one before.
enum ResolverPhase: String, CaseIterable, ExpressibleByArgument {
    /// One name in each of many zones: for each a DS, a DNSKEY and an SRV question, and three signatures or more.
    case cold
    /// Many names in one zone, whose keys are known from the first on: a question and a signature for each.
    case warm
    /// The same names again.
    case cached

    /// The questions, in the order in which they are asked.
    var questions: [DNSQuestion] {
        switch self {
        case .cold: Self.questions((0..<ResolverLaboratory.zones).map { "z\($0).test" })
        case .warm: Self.questions((0..<ResolverLaboratory.names).map { "n\($0).big.test" })
        case .cached:
            (0..<5).flatMap { _ in Self.questions((0..<ResolverLaboratory.names).map { "n\($0).big.test" }) }
        }
    }

    private static func questions(_ domains: [String]) -> [DNSQuestion] {
        domains.compactMap { domain in (try? DNSName("_xmpp-server._tcp.\(domain)")).map { DNSQuestion($0, .srv) } }
    }
}
