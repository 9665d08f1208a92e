internal import Administration
internal import XMPPModel

/// Whether the daemon can do what it is there for, and if not, what is missing.
struct Readiness: Hashable, Sendable {
    /// What is missing, each in words; empty when nothing is.
    let missing: [String]

    var isReady: Bool { missing.isEmpty }

    /// More names than this help nobody, and a daemon may host thousands.
    private static let namesShown = 20

    /// - Parameters:
    ///   - waitingFor: The hosted domains that something has to connect for; nil when readiness is about listeners alone.
    init(
        state: StatusReply.State, listeners: [StatusReply.Listener], waitingFor domains: Set<DomainName>?,
        connected: Set<DomainName>
    ) {
        var missing: [String] = []
        if state != .serving { missing.append("the daemon is \(state.rawValue)") }
        for listener in listeners where !listener.up {
            missing.append("the listener \(listener.name) \(listener.address) is down")
        }
        let absent = (domains ?? []).subtracting(connected).sorted()
        missing += absent.prefix(Self.namesShown).map { "nothing is connected for \($0)" }
        if absent.count > Self.namesShown { missing.append("and for \(absent.count - Self.namesShown) more") }
        self.missing = missing
    }
}
