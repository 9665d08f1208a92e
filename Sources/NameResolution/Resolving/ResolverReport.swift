public import DNSMessages

/// Something that an operator ought to know of; servers are indices into ``ResolutionPlan/servers``.
public enum ResolverReport: Hashable, Sendable {
    /// A server did not prove who it is: possibly an attack (RFC 8310 §6.5).
    case authenticationFailed(server: Int, reason: String)
    /// A server that did not prove who it is is asked all the same, encrypted, since its profile is opportunistic.
    case unauthenticated(server: Int)
    /// A server failed again and again; until it answers or the time has passed it is asked after all others (DT-04).
    case postponed(server: Int, reason: String, for: Duration)
    /// A server that was postponed answers again.
    case recovered(server: Int)
    /// A server gave an answer that does not validate, and that was not used.
    case bogus(DNSQuestion, server: Int, ValidationReport)
    /// Nobody answered; an answer whose time is over was given instead (RFC 8767).
    case servedStale(DNSQuestion)
    /// A learnt zone's time is over; its rule and its answers are gone (EN-07).
    case zoneLapsed(DNSName)
}

extension ResolverReport {
    /// The report in words, for an operator.
    ///
    /// - Parameter plan: The plan that the servers' indices belong to.
    public func text(in plan: ResolutionPlan) -> String {
        func name(_ server: Int) -> String {
            plan.servers.indices.contains(server) ? plan.servers[server].name : "server \(server)"
        }
        return switch self {
        case .authenticationFailed(let server, let reason):
            "name server \(name(server)) did not prove who it is, possibly an attack: \(reason)"
        case .unauthenticated(let server):
            "name server \(name(server)) is asked over encryption without authentication, as its profile allows"
        case .postponed(let server, let reason, let time):
            "name server \(name(server)) is asked after all others for \(time.components.seconds) s: \(reason)"
        case .recovered(let server):
            "name server \(name(server)) answers again"
        case .bogus(let question, let server, let report):
            "answer of \(name(server)) to \(question) does not validate: \(report.reason)"
        case .servedStale(let question):
            "no server answers \(question): an old answer is used"
        case .zoneLapsed(let zone):
            "the learnt zone \(zone) has lapsed"
        }
    }
}
