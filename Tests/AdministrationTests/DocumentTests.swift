import Administration
import Testing
import XMPPModel

@Suite("What --json prints")
struct DocumentTests {
    @Test func `TP-09: an association has the names that scripts rely on`() throws {
        let document = try ControlCodec.document(of: .associations([try Samples.association()]))
        #expect(
            document == """
                [
                  {
                    "direction" : "inbound",
                    "evidence" : {
                      "dnssec" : "secure",
                      "owner" : "_5269._tcp.xmpp.b.example",
                      "record" : "3 1 1 ab12"
                    },
                    "expires" : "2026-07-29T11:00:00Z",
                    "incoming" : true,
                    "level" : "authenticated",
                    "local" : "a.example",
                    "mechanism" : "external",
                    "prooftype" : "dane",
                    "remote" : "b.example",
                    "secure_delegation" : true,
                    "since" : "2026-07-29T10:00:00Z",
                    "stream" : "s17",
                    "verdicts" : [
                      {
                        "prooftype" : "dane",
                        "reason" : "3 1 1 matches",
                        "result" : "proven"
                      }
                    ]
                  }
                ]
                """)
    }

    @Test func `TP-09: a stream has the names that scripts rely on`() throws {
        let document = try ControlCodec.document(of: .streams([try Samples.stream()]))
        #expect(
            document == """
                [
                  {
                    "bidirectional" : true,
                    "bytes_in" : 1048576,
                    "bytes_out" : 512,
                    "direction" : "inbound",
                    "from" : "b.example",
                    "id" : "s17",
                    "kind" : "s2s",
                    "pairs" : 2,
                    "peer_address" : "[2001:db8::7]:40312",
                    "prooftypes" : [
                      "dane",
                      "dialback"
                    ],
                    "queued" : 3,
                    "resumable" : false,
                    "since" : "2026-07-29T10:00:00Z",
                    "stanzas_in" : 1204,
                    "stanzas_out" : 7,
                    "state" : "established",
                    "tls" : {
                      "cipher" : "TLS_AES_256_GCM_SHA384",
                      "direct" : false,
                      "peer_certificate_sha256" : "ab12",
                      "version" : "TLSv1.3"
                    },
                    "to" : "a.example"
                  }
                ]
                """)
    }

    @Test func `what is not there is null, never absent`() throws {
        let stream = try ControlCodec.document(of: .streams([Samples.component()]))
        for name in ["from", "to", "tls"] { #expect(stream.contains("\"\(name)\" : null")) }
        let association = try ControlCodec.document(of: .associations([try Samples.dialback()]))
        for name in ["stream", "expires"] { #expect(association.contains("\"\(name)\" : null")) }
        #expect(association.contains("\"evidence\" : {\n\n    }"))
        #expect(association.contains("\"remote\" : \"bücher.example\""))
        var tenant = try Samples.tenant()
        tenant.certificateExpires = nil
        #expect(try ControlCodec.document(of: .tenants([tenant])).contains("\"certificate_expires\" : null"))
    }

    @Test func `a status has counts, listeners and warnings`() throws {
        let document = try ControlCodec.document(of: .status(Samples.status()))
        for member in [
            "\"version\" : \"0.1.0\"", "\"uptime\" : 93784", "\"state\" : \"serving\"", "\"streams\" : 7",
            "\"associations\" : 12", "\"queued_stanzas\" : 1", "\"queued_bytes\" : 812", "\"process_id\" : 4242",
            "\"address\" : \"[::]:5269\"", "\"up\" : false", "\"started\" : \"2026-07-29T10:00:00Z\"",
        ] {
            #expect(document.contains(member))
        }
    }

    @Test func `the other replies have fixed names`() throws {
        let a = try DomainName("a.example")
        let ping = try ControlCodec.document(
            of: .pinged(PingReply(local: a, remote: a, roundTrip: 0.25, stream: StreamID(1))))
        #expect(
            ping == """
                {
                  "error" : null,
                  "local" : "a.example",
                  "reason" : null,
                  "remote" : "a.example",
                  "round_trip" : 0.25,
                  "stream" : "s1"
                }
                """)
        let failure = try ControlCodec.document(of: .failed(AdministrationFailure("no", exitCode: .noPermission)))
        #expect(
            failure == """
                {
                  "details" : [

                  ],
                  "exit_code" : 77,
                  "message" : "no"
                }
                """)
        #expect(try ControlCodec.document(of: .streams([])) == "[\n\n]")
    }

    @Test func `EN-12: status names each name server with its transport, profile and proof`() throws {
        let document = try ControlCodec.document(of: .status(Samples.status()))
        #expect(
            document.contains(
                """
                  "dns" : [
                    {
                      "answers" : 12,
                      "authenticated" : true,
                      "dnssec" : "secure",
                      "failures" : 1,
                      "last_failure" : null,
                      "name" : "tls://192.0.2.53:853#dns.example",
                      "profile" : "strict",
                      "state" : "answering",
                      "transport" : "dot",
                      "zones" : [
                        "."
                      ]
                    },
                """), "\(document)")
        #expect(document.contains("\"last_failure\" : \"not reachable: Connection refused\""))
        #expect(document.contains("\"transport\" : \"cleartext\"") && document.contains("\"dnssec\" : null"))
    }

    @Test func `resolve has the names that scripts rely on, with null where there is nothing`() throws {
        #expect(
            try ControlCodec.document(of: Samples.lookup()) == """
                {
                  "authenticated" : true,
                  "chain" : [
                    {
                      "detail" : "trust anchor 20326",
                      "status" : "secure",
                      "zone" : "."
                    },
                    {
                      "detail" : "DS 1 matches key 1",
                      "status" : "secure",
                      "zone" : "a.example"
                    }
                  ],
                  "fix" : null,
                  "name" : "_xmpp-server._tcp.a.example",
                  "rcode" : "NOERROR",
                  "reason" : "SRV is signed by key 1",
                  "records" : [
                    "_xmpp-server._tcp.a.example. 300 IN SRV 10 0 5269 host.a.example."
                  ],
                  "server" : "tls://192.0.2.53:853#dns.example",
                  "status" : "secure",
                  "transport" : "dot",
                  "type" : "SRV"
                }
                """)
        let nothing = LookupReport(name: "a", type: "A", status: .indeterminate, reason: "no answer")
        let document = try ControlCodec.document(of: nothing)
        for name in ["rcode", "server", "transport", "authenticated"] {
            #expect(document.contains("\"\(name)\" : null"))
        }
        #expect(LookupReport.Status.allCases.map(\.exitCode) == [0, 1, 2, 3])
    }

    @Test func `check has the names that scripts rely on, with null where there is nothing`() throws {
        #expect(
            try ControlCodec.document(of: Samples.check()) == """
                {
                  "domain" : "b.example",
                  "prooftypes" : {
                    "pkix" : {
                      "evidence" : {

                      },
                      "reason" : "no connection was made",
                      "result" : "absent"
                    }
                  },
                  "service" : "xmpp-server",
                  "steps" : [
                    {
                      "detail" : "b.example is a domain",
                      "fix" : null,
                      "name" : "name",
                      "result" : "ok"
                    },
                    {
                      "detail" : "bogus: no key",
                      "fix" : "mend the signatures",
                      "name" : "srv _xmpp-server._tcp.b.example",
                      "result" : "failed"
                    }
                  ],
                  "targets" : [
                    {
                      "address" : "192.0.2.7",
                      "certificate" : null,
                      "cipher" : null,
                      "direct_tls" : false,
                      "host" : "host.b.example",
                      "port" : 5269,
                      "proven" : [

                      ],
                      "tls_version" : null,
                      "verdict" : null
                    }
                  ],
                  "verdict" : "none"
                }
                """)
        let verdicts: [CheckReport.Verdict] = [.authenticated, .encrypted, .verified, .none]
        #expect(verdicts.map(\.exitCode) == [0, 1, 1, 2])
    }
}
