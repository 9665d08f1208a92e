import Administration
import XMPPModel

/// Values that several suites use.
enum Samples {
    static let since = Timestamp(secondsSince1970: 1_785_319_200)

    static func status() -> StatusReply {
        StatusReply(
            version: "0.1.0", processID: 4242, state: .serving, started: since, uptime: 93_784,
            configuration: "/etc/ligase/ligase.toml",
            listeners: [
                StatusReply.Listener(name: "s2s", address: "[::]:5269", passed: true),
                StatusReply.Listener(name: "http", address: "127.0.0.1:5280", up: false),
            ],
            tenants: 2, streams: 7, backends: 1, associations: 12, queuedStanzas: 1, queuedBytes: 812,
            dns: nameServers(), warnings: ["resolv.conf's servers are asked in clear"])
    }

    static func nameServers() -> [NameServerSummary] {
        var first = NameServerSummary(
            name: "tls://192.0.2.53:853#dns.example", transport: .tls, profile: "strict", zones: ["."])
        first.authenticated = true
        first.security = .secure
        first.state = .answering
        first.answers = 12
        first.failures = 1
        var second = NameServerSummary(
            name: "https://dns.corp.example@10.0.0.53/dns-query", transport: .https, profile: "opportunistic",
            zones: ["corp.example"])
        second.state = .failing
        second.lastFailure = "not reachable: Connection refused"
        second.failures = 3
        return [
            first, second, NameServerSummary(name: "192.0.2.54:53", transport: .cleartext, profile: nil, zones: ["."]),
        ]
    }

    static func lookup() -> LookupReport {
        var report = LookupReport(
            name: "_xmpp-server._tcp.a.example", type: "SRV", status: .secure, reason: "SRV is signed by key 1")
        report.rcode = "NOERROR"
        report.records = ["_xmpp-server._tcp.a.example. 300 IN SRV 10 0 5269 host.a.example."]
        report.server = "tls://192.0.2.53:853#dns.example"
        report.transport = "dot"
        report.authenticated = true
        report.chain = [
            LookupReport.Link(zone: ".", status: .secure, detail: "trust anchor 20326"),
            LookupReport.Link(zone: "a.example", status: .secure, detail: "DS 1 matches key 1"),
        ]
        return report
    }

    static func check() -> CheckReport {
        var report = CheckReport(domain: "b.example", service: "xmpp-server")
        report.steps = [
            CheckReport.Step("name", .ok, "b.example is a domain"),
            CheckReport.Step("srv _xmpp-server._tcp.b.example", .failed, "bogus: no key", fix: "mend the signatures"),
        ]
        report.targets = [
            CheckReport.Target(host: "host.b.example", address: "192.0.2.7", port: 5269, directTLS: false)
        ]
        report.prooftypes = ["pkix": CheckReport.Proof(result: .absent, reason: "no connection was made")]
        return report
    }

    static func stream() throws -> StreamSummary {
        var stream = StreamSummary(
            id: StreamID(17), kind: .s2s, direction: .inbound, peerAddress: "[2001:db8::7]:40312",
            state: .established, since: since)
        stream.from = try DomainName("b.example")
        stream.to = try DomainName("a.example")
        stream.tls = StreamSummary.TLS(
            version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", direct: false, peerCertificateSHA256: "ab12")
        stream.bidirectional = true
        stream.pairs = 2
        stream.prooftypes = ["dane", "dialback"]
        stream.stanzasIn = 1_204
        stream.stanzasOut = 7
        stream.bytesIn = 1_048_576
        stream.bytesOut = 512
        stream.queued = 3
        return stream
    }

    static func component() -> StreamSummary {
        StreamSummary(
            id: StreamID(2), kind: .component, direction: .inbound, peerAddress: "127.0.0.1:40000",
            state: .negotiating, since: since)
    }

    static func association() throws -> AssociationSummary {
        AssociationSummary(
            local: try DomainName("a.example"), remote: try DomainName("b.example"), direction: .inbound,
            prooftype: "dane", mechanism: "external", level: "authenticated", secureDelegation: true,
            evidence: EvidenceSummary([
                EvidenceSummary.Finding(name: "dnssec", value: "secure"),
                EvidenceSummary.Finding(name: "owner", value: "_5269._tcp.xmpp.b.example"),
                EvidenceSummary.Finding(name: "record", value: "3 1 1 ab12"),
            ]),
            verdicts: [AssociationSummary.Verdict(prooftype: "dane", result: "proven", reason: "3 1 1 matches")],
            stream: StreamID(17), since: since, expires: Timestamp(secondsSince1970: 1_785_322_800))
    }

    static func dialback() throws -> AssociationSummary {
        AssociationSummary(
            local: try DomainName("a.example"), remote: try DomainName("bücher.example"), direction: .outbound,
            prooftype: "dialback", mechanism: "dialback", level: "encrypted", secureDelegation: false,
            evidence: EvidenceSummary(), stream: nil, since: since, expires: nil)
    }

    static func tenant() throws -> TenantSummary {
        TenantSummary(
            name: try DomainName("a.example"), backend: "component", connected: true,
            file: "/etc/ligase/ligase.toml", removable: false, certificateExpires: since)
    }

    static func key() throws -> KnownKeySummary {
        KnownKeySummary(
            domain: try DomainName("b.example"), sha256: "ab12", pin: "qxI=", prooftype: "pkix", origin: "first",
            firstSeen: since, lastSeen: since)
    }

    static func requests() throws -> [AdministrationRequest] {
        let a = try DomainName("a.example")
        let b = try DomainName("bücher.example")
        return [
            .status, .streams, .associations(domain: nil), .associations(domain: b), .tenants,
            .tenantsAdd(text: "[[domain]]\nname = \"x\"\n\u{7}", fileName: "/tmp/a \"b\".toml"),
            .tenantsRemove(name: a), .close(target: .stream(StreamID(17))), .close(target: .domain(b)),
            .ping(local: a, remote: b), .reload, .keys(domain: nil), .keys(domain: b), .keysForget(domain: b),
        ]
    }

    static func replies() throws -> [AdministrationReply] {
        let a = try DomainName("a.example")
        let b = try DomainName("b.example")
        return [
            .status(status()), .streams([try stream(), component()]), .streams([]),
            .associations([try association(), try dialback()]), .associations([]), .tenants([try tenant()]),
            .tenants([]), .tenantsChanged(TenantsChangeReply(added: [a], changed: [b])),
            .closed(CloseReply(closed: [StreamID(1), StreamID(2)])),
            .pinged(PingReply(local: a, remote: b, roundTrip: 0.0421, stream: StreamID(17))),
            .pinged(PingReply(local: a, remote: b, roundTrip: 1, stream: nil, error: "service-unavailable")),
            .reloaded(ReloadReply(added: [a], removed: [b], closed: [StreamID(3)], kept: 4, warnings: ["w"])),
            .keys([try key(), try key()]), .keys([]),
            .keysForgotten(KeysForgottenReply(domain: b, forgotten: [try key()])),
            .failed(AdministrationFailure("a.example is not hosted", details: ["one", "two"], exitCode: .noHost)),
        ]
    }
}
