import Administration
import Testing
import XMPPModel

@Suite("What ligasectl prints")
struct ReplyTextTests {
    @Test func `a status reads as facts, listeners and warnings`() {
        #expect(
            ReplyText.render(.status(Samples.status())) == """
                version         0.1.0
                state           serving
                process         4242
                started         2026-07-29T10:00:00Z (up 1 d 2 h)
                configuration   /etc/ligase/ligase.toml
                hosted domains  2
                backends        1
                streams         7
                associations    12
                queued          1 stanza, 812 bytes

                LISTENER  ADDRESS         STATE
                s2s       [::]:5269       up (socket activation)
                http      127.0.0.1:5280  down

                NAME SERVER                                   ZONES         VIA        PROFILE        AUTHENTICATED  \
                DNSSEC  STATE      ANSWERS  FAILURES
                tls://192.0.2.53:853#dns.example              .             dot        strict         yes            \
                secure  answering       12         1
                https://dns.corp.example@10.0.0.53/dns-query  corp.example  doh        opportunistic  -              \
                -       failing          0         3
                    last failure: not reachable: Connection refused
                192.0.2.54:53                                 .             cleartext  -              -              \
                -       unused           0         0

                warning: resolv.conf's servers are asked in clear

                """)
    }

    @Test func `TP-09: streams show protection, proof and certificate`() throws {
        let text = ReplyText.render(.streams([try Samples.stream(), Samples.component()]))
        #expect(
            text == """
                ID   KIND       DIRECTION  STATE        FROM       TO         PEER                 TLS      \
                PROOF          PAIRS    IN  OUT  QUEUED  FLAGS  SINCE
                s17  s2s        inbound    established  b.example  a.example  [2001:db8::7]:40312  TLSv1.3  \
                dane,dialback      2  1204    7       3  bidi   2026-07-29T10:00:00Z
                    TLS_AES_256_GCM_SHA384, STARTTLS, certificate sha256 ab12
                s2   component  inbound    negotiating  -          -          127.0.0.1:40000      -        \
                -                  0     0    0       0  -      2026-07-29T10:00:00Z

                """)
    }

    @Test func `TP-09: associations show how each pair was proved and the evidence`() throws {
        let text = ReplyText.render(.associations([try Samples.association(), try Samples.dialback()]))
        #expect(
            text == """
                LOCAL      REMOTE          DIRECTION  STANZAS  PROOF     MECHANISM  LEVEL          DELEGATION  STREAM  \
                SINCE                 EXPIRES
                a.example  b.example       inbound    in       dane      external   authenticated  secure      s17     \
                2026-07-29T10:00:00Z  2026-07-29T11:00:00Z
                    dnssec: secure
                    owner: _5269._tcp.xmpp.b.example
                    record: 3 1 1 ab12
                    verdict of dane: proven, 3 1 1 matches
                a.example  bücher.example  outbound   out      dialback  dialback   encrypted      insecure    -       \
                2026-07-29T10:00:00Z  -

                """)
    }

    @Test func `tenants show where they come from`() throws {
        var added = try Samples.tenant()
        added.name = try DomainName("例え.example")
        added.connected = false
        added.removable = true
        added.certificateExpires = nil
        #expect(
            ReplyText.render(.tenants([try Samples.tenant(), added])) == """
                DOMAIN        BACKEND    STATE          CERTIFICATE UNTIL     FROM
                a.example     component  connected      2026-07-29T10:00:00Z  /etc/ligase/ligase.toml
                例え.example  component  not connected  -                     tenants add

                """)
    }

    @Test func `TP-09: keys show what proved each of them, and whether anything explained it`() throws {
        var changed = try Samples.key()
        changed.origin = "unexplained"
        changed.sha256 = "cd34"
        #expect(
            ReplyText.render(.keys([try Samples.key(), changed])) == """
                DOMAIN     PUBLIC KEY SHA-256  PROOF  ORIGIN       FIRST SEEN            LAST SEEN
                b.example  ab12                pkix   first        2026-07-29T10:00:00Z  2026-07-29T10:00:00Z
                b.example  cd34                pkix   unexplained  2026-07-29T10:00:00Z  2026-07-29T10:00:00Z

                """)
        #expect(ReplyText.render(.keys([])) == "no keys of remote domains are known\n")
        let forgotten = KeysForgottenReply(domain: try DomainName("b.example"), forgotten: [changed])
        #expect(
            ReplyText.render(.keysForgotten(forgotten))
                == "forgot 1 key of b.example; the next that it comes with is accepted\n")
    }

    @Test func `short answers are one sentence`() throws {
        let a = try DomainName("a.example")
        let b = try DomainName("b.example")
        let ping = PingReply(local: a, remote: b, roundTrip: 0.0421, stream: StreamID(17))
        let refused = PingReply(local: a, remote: b, roundTrip: .nan, stream: nil, error: "service-unavailable")
        var explained = refused
        explained.reason = "no stream"
        let answers: [(AdministrationReply, String)] = [
            (.pinged(ping), "b.example answered to a.example in 42 ms over s17\n"),
            (.pinged(refused), "b.example answered with service-unavailable to a.example in 0 ms\n"),
            (.pinged(explained), "b.example answered with service-unavailable to a.example in 0 ms: no stream\n"),
            (.closed(CloseReply(closed: [])), "no stream to close\n"),
            (.closed(CloseReply(closed: [StreamID(1), StreamID(2)])), "closing s1, s2\n"),
            (.tenantsChanged(TenantsChangeReply()), "no hosted domain changed\n"),
            (.tenantsChanged(TenantsChangeReply(added: [a], removed: [b])), "added a.example\nremoved b.example\n"),
            (
                .closed(CloseReply(closed: (1...1_000).map { StreamID($0) })),
                "closing s1, s2, s3, s4, s5, s6, s7, s8 and 992 more\n"
            ),
            (.reloaded(ReloadReply(kept: 1)), "no hosted domain changed\n1 stream kept\n"),
            (
                .reloaded(ReloadReply(changed: [a], closed: [StreamID(3)], kept: 4, warnings: ["later"])),
                "changed a.example\n4 streams kept\nclosing s3\nwarning: later\n"
            ),
            (.failed(AdministrationFailure("no", details: ["why"], exitCode: .noHost)), "no\n  why\n"),
            (.streams([]), "no streams\n"), (.associations([]), "no associations\n"),
            (.tenants([]), "no hosted domains\n"),
        ]
        for (reply, text) in answers { #expect(ReplyText.render(reply) == text) }
    }

    @Test func `nothing that a peer says can move the cursor or forge a line`() throws {
        var association = try Samples.association()
        association.evidence = EvidenceSummary([
            EvidenceSummary.Finding(name: "subject", value: "CN=\u{1B}[2Jx\nforged\r\u{202E}\u{9B}31m\u{7F}")
        ])
        association.mechanism = "ex\tternal"
        association.verdicts[0].reason = "no\nCN\u{1B}"
        let text = ReplyText.render(.associations([association]))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) })
        #expect(text.split(separator: "\n").count == 4)
        #expect(text.contains("CN=\\u{1b}[2Jx\\u{a}forged\\u{d}\\u{202e}\\u{9b}31m\\u{7f}"))
        let failure = ReplyText.render(.failed(AdministrationFailure("a\nb\u{1B}", details: [], exitCode: .software)))
        #expect(failure == "a\\u{a}b\\u{1b}\n")
    }

    @Test func `a cell without a value is one dash, so that columns can be counted`() throws {
        let lines = ReplyText.render(.streams([Samples.component()])).split(separator: "\n")
        let columns = lines.map { $0.split(separator: " ").count }
        #expect(columns == [15, 15])
    }

    @Test func `what resolve prints begins with the records, and ends with the chain`() {
        #expect(
            Samples.lookup().text == """
                _xmpp-server._tcp.a.example. 300 IN SRV 10 0 5269 host.a.example.

                _xmpp-server._tcp.a.example SRV: secure (NOERROR)
                reason  SRV is signed by key 1
                server  tls://192.0.2.53:853#dns.example (dot, authenticated)
                chain   . secure: trust anchor 20326
                        a.example secure: DS 1 matches key 1

                """)
        var evil = Samples.lookup()
        evil.records = ["a. 1 IN TXT \u{1B}[2J"]
        #expect(!evil.text.contains("\u{1B}"))
    }

    @Test func `what check prints is a line for each step, what to mend below it, and the verdict last`() {
        #expect(
            Samples.check().text(width: 80) == """
                ok       name                             b.example is a domain
                failed   srv _xmpp-server._tcp.b.example  bogus: no key
                                                          fix: mend the signatures

                HOST            PORT  ADDRESS    BY        TLS  VERDICT  PROVEN BY
                host.b.example  5269  192.0.2.7  STARTTLS  -    -        -

                PROOF  RESULT  REASON
                pkix   absent  no connection was made

                b.example (xmpp-server): none (1 failed, 0 warnings)

                """)
    }

    @Test func `what check says of one cause that fails many steps is to be mended once`() {
        var report = CheckReport(domain: "b.example", service: "xmpp-server")
        report.steps = ["dnssec", "srv a", "srv b", "targets"].map { name in
            CheckReport.Step(name, .failed, "bogus", fix: name == "targets" ? "look above" : "mend the signatures")
        }
        let lines = report.text(width: 80).split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.filter { $0.hasPrefix("fix: ") } == ["fix: mend the signatures", "fix: look above"])
    }

    @Test(arguments: [60, 80, 100, 120])
    func `what check prints is wrapped to the terminal, and a long word stays whole`(width: Int) {
        var report = CheckReport(domain: "b.example", service: "xmpp-server")
        let word = String(repeating: "0123456789abcdef", count: 8)
        let name = "srv _xmpp-server._tcp.a-very-long-name-of-a-domain.b.example"
        report.steps = [
            CheckReport.Step(name, .warning, String(repeating: "one word after another ", count: 12), fix: "do it"),
            CheckReport.Step("key", .ok, "before \(word) behind\u{1B}[2J"),
        ]
        let lines = report.text(width: width).split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasSuffix(name) })
        #expect(lines.contains { $0.contains(word) })
        #expect(lines.allSatisfy { $0.count <= width || $0.contains(word) || $0.hasSuffix(name) })
        #expect(!lines.contains { $0.contains("\u{1B}") })
    }
}
