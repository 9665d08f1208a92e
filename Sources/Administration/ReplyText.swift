internal import XMPPModel

/// Replies as `ligasectl` prints them without `--json`.
public enum ReplyText {
    /// The lines of a reply, each with its line feed.
    public static func render(_ reply: AdministrationReply) -> String {
        let lines =
            switch reply {
            case .status(let reply): statusLines(reply)
            case .streams(let list): streamLines(list)
            case .associations(let list): associationLines(list)
            case .tenants(let list): tenantLines(list)
            case .tenantsChanged(let reply):
                changeLines(added: reply.added, changed: reply.changed, removed: reply.removed)
            case .keys(let list): keyLines(list)
            case .keysForgotten(let reply):
                [
                    "forgot \(counted(reply.forgotten.count, "key")) of \(reply.domain); "
                        + "the next that it comes with is accepted"
                ]
            case .closed(let reply):
                [reply.closed.isEmpty ? "no stream to close" : "closing " + listed(reply.closed)]
            case .pinged(let reply): [pingLine(reply)]
            case .reloaded(let reply): reloadLines(reply)
            case .failed(let failure): [failure.message] + failure.details.map { "  " + $0 }
            }
        // Tables have escaped their cells; the other lines are escaped here, and a second time changes nothing.
        return lines.map { DisplayText.escaped($0) + "\n" }.joined()
    }

    // MARK: - status

    private static func statusLines(_ reply: StatusReply) -> [String] {
        let facts: [(String, String)] = [
            ("version", reply.version),
            ("state", reply.state.rawValue),
            ("process", String(reply.processID)),
            ("started", "\(reply.started) (up \(DurationText.render(reply.uptime)))"),
            ("configuration", reply.configuration),
            ("hosted domains", String(reply.tenants)),
            ("backends", String(reply.backends)),
            ("streams", String(reply.streams)),
            ("associations", String(reply.associations)),
            ("queued", "\(counted(reply.queuedStanzas, "stanza")), \(counted(reply.queuedBytes, "byte"))"),
        ]
        let width = facts.map { DisplayText.width(of: $0.0) }.max() ?? 0
        var lines = facts.map { DisplayText.padded($0.0, to: width) + "  " + $0.1 }
        if !reply.listeners.isEmpty {
            var table = TextTable([.text("LISTENER"), .text("ADDRESS"), .text("STATE")])
            for listener in reply.listeners {
                let state = listener.up ? (listener.passed ? "up (socket activation)" : "up") : "down"
                table.add([listener.name, listener.address, state])
            }
            lines += [""] + table.lines()
        }
        if !reply.dns.isEmpty { lines += [""] + nameServerLines(reply.dns) }
        if !reply.warnings.isEmpty { lines += [""] + reply.warnings.map { "warning: " + $0 } }
        return lines
    }

    private static func nameServerLines(_ list: [NameServerSummary]) -> [String] {
        var table = TextTable([
            .text("NAME SERVER"), .text("ZONES"), .text("VIA"), .text("PROFILE"), .text("AUTHENTICATED"),
            .text("DNSSEC"), .text("STATE"), .number("ANSWERS"), .number("FAILURES"),
        ])
        for server in list {
            let authenticated = server.authenticated.map { $0 ? "yes" : "no" } ?? ""
            table.add(
                [
                    server.name, server.zones.joined(separator: ","), server.transport.rawValue, server.profile ?? "",
                    authenticated, server.security?.rawValue ?? "", server.state.rawValue, String(server.answers),
                    String(server.failures),
                ],
                details: server.lastFailure.map { ["last failure: " + $0] } ?? [])
        }
        return table.lines()
    }

    // MARK: - Lists

    private static func streamLines(_ list: [StreamSummary]) -> [String] {
        guard !list.isEmpty else { return ["no streams"] }
        var table = TextTable([
            .text("ID"), .text("KIND"), .text("DIRECTION"), .text("STATE"), .text("FROM"), .text("TO"),
            .text("PEER"), .text("TLS"), .text("PROOF"), .number("PAIRS"), .number("IN"), .number("OUT"),
            .number("QUEUED"), .text("FLAGS"), .text("SINCE"),
        ])
        for stream in list {
            var flags: [String] = []
            if stream.bidirectional { flags.append("bidi") }
            if stream.resumable { flags.append("resumable") }
            var details: [String] = []
            if let tls = stream.tls {
                let certificate = tls.peerCertificateSHA256.map { "certificate sha256 " + $0 } ?? "no certificate"
                details.append("\(tls.cipher), \(tls.direct ? "direct TLS" : "STARTTLS"), \(certificate)")
            }
            table.add(
                [
                    "\(stream.id)", stream.kind.rawValue, stream.direction.rawValue, stream.state.rawValue,
                    stream.from?.description ?? "", stream.to?.description ?? "", stream.peerAddress,
                    stream.tls?.version ?? "", stream.prooftypes.joined(separator: ","), String(stream.pairs),
                    String(stream.stanzasIn), String(stream.stanzasOut), String(stream.queued),
                    flags.joined(separator: ","), stream.since.description,
                ], details: details)
        }
        return table.lines()
    }

    private static func associationLines(_ list: [AssociationSummary]) -> [String] {
        guard !list.isEmpty else { return ["no associations"] }
        var table = TextTable([
            .text("LOCAL"), .text("REMOTE"), .text("DIRECTION"), .text("STANZAS"), .text("PROOF"), .text("MECHANISM"),
            .text("LEVEL"), .text("DELEGATION"), .text("STREAM"), .text("SINCE"), .text("EXPIRES"),
        ])
        for association in list {
            table.add(
                [
                    association.local.description, association.remote.description, association.direction.rawValue,
                    association.isIncoming ? "in" : "out", association.prooftype, association.mechanism,
                    association.level,
                    association.secureDelegation ? "secure" : "insecure", association.stream?.description ?? "",
                    association.since.description, association.expires?.description ?? "",
                ],
                details: association.evidence.findings.map { "\($0.name): \($0.value)" }
                    + association.verdicts.map { "verdict of \($0.prooftype): \($0.result), \($0.reason)" })
        }
        return table.lines()
    }

    private static func keyLines(_ list: [KnownKeySummary]) -> [String] {
        guard !list.isEmpty else { return ["no keys of remote domains are known"] }
        var table = TextTable([
            .text("DOMAIN"), .text("PUBLIC KEY SHA-256"), .text("PROOF"), .text("ORIGIN"), .text("FIRST SEEN"),
            .text("LAST SEEN"),
        ])
        for key in list {
            table.add([
                key.domain.description, key.sha256, key.prooftype, key.origin, key.firstSeen.description,
                key.lastSeen.description,
            ])
        }
        return table.lines()
    }

    private static func tenantLines(_ list: [TenantSummary]) -> [String] {
        guard !list.isEmpty else { return ["no hosted domains"] }
        var table = TextTable([
            .text("DOMAIN"), .text("BACKEND"), .text("STATE"), .text("CERTIFICATE UNTIL"), .text("FROM"),
        ])
        for tenant in list {
            table.add([
                tenant.name.description, tenant.backend, tenant.connected ? "connected" : "not connected",
                tenant.certificateExpires?.description ?? "", tenant.removable ? "tenants add" : tenant.file,
            ])
        }
        return table.lines()
    }

    // MARK: - What was done

    private static func changeLines(
        added: [DomainName], changed: [DomainName], removed: [DomainName]
    ) -> [String] {
        let lines = [("added", added), ("changed", changed), ("removed", removed)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) " + listed($0.1) }
        return lines.isEmpty ? ["no hosted domain changed"] : lines
    }

    private static func pingLine(_ reply: PingReply) -> String {
        let milliseconds = String(Int64((reply.roundTrip * 1_000).rounded().clamped(to: 0...1e15)))
        let stream = reply.stream.map { " over \($0)" } ?? ""
        let answer = reply.error.map { "answered with \($0)" } ?? "answered"
        let reason = reply.reason.map { ": \($0)" } ?? ""
        return "\(reply.remote) \(answer) to \(reply.local) in \(milliseconds) ms\(stream)\(reason)"
    }

    private static func reloadLines(_ reply: ReloadReply) -> [String] {
        var lines = changeLines(added: reply.added, changed: reply.changed, removed: reply.removed)
        lines.append("\(counted(reply.kept, "stream")) kept")
        if !reply.closed.isEmpty { lines.append("closing " + listed(reply.closed)) }
        return lines + reply.warnings.map { "warning: " + $0 }
    }

    /// The first few by name, then how many more: thousands of tenants may be added at once.
    private static func listed(_ items: [some CustomStringConvertible]) -> String {
        let shown = items.prefix(8).map(\.description).joined(separator: ", ")
        return items.count <= 8 ? shown : "\(shown) and \(items.count - 8) more"
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        isNaN ? range.lowerBound : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
