internal import Federation
internal import StreamProtocol

/// What came of dialback with one server, on a connection of its own without our certificate: with it a server may take us
/// for what we are before it has dialled anybody (XEP-0344 §2.4).
enum TriedDialback: Hashable {
    /// It was not tried, and why; nothing has to be mended where there is no fix.
    case untried(reason: String, fix: String? = nil)
    /// It was.
    case tried(EndpointProbe.Outcome)

    /// What the server said; nil where it was not asked.
    var result: StreamFindings.Dialback? {
        guard case .tried(let outcome) = self else { return nil }
        return outcome.findings.dialback
    }

    /// Whether a connection was made for it.
    var isTried: Bool { if case .tried = self { true } else { false } }

    /// Whether the server takes our domain.
    var isAccepted: Bool { result == .accepted }
}
