import Configuration

/// Every key of the configuration.
enum EveryKey {
    private static let pin = "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\""
    private static let notABoolean = ["1", "\"true\"", "[]"]
    private static let notAString = ["1", "true", "[\"x\"]", "1979-05-27"]
    private static let notANumber = ["\"64\"", "true", "[1]", "1.5"]
    private static let notAList = ["\"x\"", "1", "true"]
    private static let notAListOfStrings = ["\"x\"", "1", "[1]"]
    private static let notSeconds = ["\"10\"", "true", "[]", "07:32:00"]

    static let all: [KeyCase] =
        top + listen + tls + federation("[federation]", beside: []) + limits + timeouts + dns
        + zone + domain + remote

    private static let top: [KeyCase] = [
        KeyCase(
            "", "state_directory", good: ["\"/srv/ligase\"", "\"state\""], wrongType: notAString, unusable: ["\"\""]),
        KeyCase(
            "", "include", good: ["[]", "[\"domains.d/*.toml\"]"], wrongType: notAListOfStrings,
            unusable: ["[\"missing.toml\"]", "[\"forbidden/*.toml\"]"]),
        KeyCase(
            "[log]", "level",
            good: ["\"trace\"", "\"debug\"", "\"info\"", "\"notice\"", "\"warning\"", "\"error\""],
            wrongType: notAString, unusable: ["\"loud\"", "\"Info\""]),
        KeyCase("[log]", "format", good: ["\"text\"", "\"json\""], wrongType: notAString, unusable: ["\"xml\""]),
        KeyCase("[posh]", "private_addresses", good: ["true", "false"], wrongType: notABoolean),
        KeyCase(
            "[posh]", "certificates", good: ["[]", "[\"next.pem\"]"], wrongType: notAListOfStrings,
            unusable: ["[\"\"]"]),
        KeyCase(
            "[posh]", "expires", good: ["60", "86400"], wrongType: notANumber, unusable: ["0", "59", "31536001"]),
        KeyCase("[runtime]", "event_loops", good: ["0", "8"], wrongType: notANumber, unusable: ["-1", "100000"]),
        KeyCase(
            "[runtime]", "ready_requires", good: ["\"all\"", "\"listeners\""], wrongType: notAString,
            unusable: ["\"backends\""]),
    ]

    private static let badListeners = [
        "[\"5269\"]", "[\"*:5269\"]", "[\"localhost:5269\"]", "[\"[::]:70000\"]", "[\"::1:5269\"]", "[\"1.2.3.4:\"]",
        "[\"\"]", "[\"1.2.3.04:5269\"]",
    ]

    private static let listen: [KeyCase] =
        ["s2s", "s2s_direct_tls", "component", "inside", "http"].map {
            KeyCase(
                "[listen]", $0, good: ["[]", "[\"[::]:15299\", \"127.0.0.1:0\"]"], wrongType: notAListOfStrings,
                unusable: badListeners)
        } + [
            KeyCase(
                "[listen]", "control", good: ["\"/run/x.sock\"", "\"x.sock\""], wrongType: notAString,
                unusable: ["\"\"", "\"/\(String(repeating: "x", count: 107))\""])
        ]

    private static let tls: [KeyCase] = [
        KeyCase("[tls]", "certificate", good: ["\"c.pem\""], wrongType: notAString, unusable: ["\"\""]),
        KeyCase("[tls]", "private_key", good: ["\"k.pem\""], wrongType: notAString, unusable: ["\"\""]),
        KeyCase("[tls]", "trust_anchors", good: ["\"system\"", "\"ca.pem\""], wrongType: notAString),
        KeyCase(
            "[tls]", "minimum_version", good: ["\"1.2\"", "\"1.3\""], wrongType: ["1.2", "12", "true"],
            unusable: ["\"1.1\"", "\"TLSv1.2\""]),
        KeyCase("[tls]", "crl", good: ["[]", "[\"a.crl\"]"], wrongType: notAListOfStrings, unusable: ["[\"\"]"]),
        KeyCase("[tls]", "present_certificate", good: ["true", "false"], wrongType: notABoolean),
    ]

    private static func federation(_ table: String, beside: [String]) -> [KeyCase] {
        [
            KeyCase(
                table, "level", good: ["\"authenticated\"", "\"encrypted\"", "\"verified\""],
                wrongType: notAString, unusable: ["\"none\""], beside: beside),
            KeyCase(
                table, "prooftypes", good: ["[\"pkix\"]", "[\"posh\", \"dane\"]"], wrongType: notAListOfStrings,
                unusable: ["[]", "[\"dain\"]", "[\"pkix\", \"pkix\"]"], beside: beside),
            KeyCase(
                table, "dane", good: ["\"off\"", "\"when-published\"", "\"required\""], wrongType: notAString,
                unusable: ["\"on\""], beside: beside),
            KeyCase(
                table, "dane_usages", good: ["[2, 3]"], wrongType: notAList + ["[\"3\"]"],
                unusable: ["[4]", "[-1]", "[]", "[3, 3]"], beside: beside),
            KeyCase(table, "posh_sha1", good: ["true", "false"], wrongType: notABoolean, beside: beside),
            KeyCase(
                table, "key_change", good: ["\"log\"", "\"refuse\""], wrongType: notAString,
                unusable: ["\"ignore\""], beside: beside),
            KeyCase(
                table, "former_domains", good: ["[]", "[\"old.example\"]"], wrongType: notAListOfStrings,
                unusable: ["[\"\"]", "[\"a..example\"]"], beside: beside),
            KeyCase(table, "bidirectional", good: ["true", "false"], wrongType: notABoolean, beside: beside),
            KeyCase(table, "piggybacking", good: ["true", "false"], wrongType: notABoolean, beside: beside),
            KeyCase(table, "stream_management", good: ["true", "false"], wrongType: notABoolean, beside: beside),
            KeyCase(table, "dialback_secret", good: ["\"\"", "\"s3cret\""], wrongType: notAString, beside: beside),
        ]
    }

    private static let limits: [KeyCase] =
        [
            KeyCase(
                "[limits]", "stanza_bytes", good: ["10000", "262144"], wrongType: notANumber,
                unusable: ["0", "9999", "-1", "9223372036854775807"]),
            KeyCase("[limits]", "stanza_depth", good: ["16", "64"], wrongType: notANumber, unusable: ["0", "15"]),
        ]
        + [
            "streams_per_address", "handshakes_per_second_per_address", "pairs_per_stream", "queued_stanzas_per_domain",
            "queued_bytes_per_domain", "queued_bytes", "bytes_per_second_per_stream",
        ].map {
            KeyCase(
                "[limits]", $0, good: ["0", "1", "1000000"], wrongType: notANumber,
                unusable: ["-1", "9223372036854775807"])
        }

    private static let timeouts: [KeyCase] =
        ["connect", "negotiation", "delivery", "dialback"].map {
            KeyCase(
                "[timeouts]", $0, good: ["1", "0.5", "3600"], wrongType: notSeconds,
                unusable: ["0", "-1", "inf", "nan", "99999999999"])
        }
        + ["verify_idle", "close", "idle", "keepalive"].map {
            KeyCase("[timeouts]", $0, good: ["0", "1", "0.5"], wrongType: notSeconds, unusable: ["-1", "inf", "nan"])
        } + [
            KeyCase(
                "[timeouts]", "retry_after_failure", good: ["[]", "[0]", "[5, 15.5]"],
                wrongType: ["5", "[\"5\"]", "\"5\""], unusable: ["[5, -1]"])
        ]

    private static let badNameServers = [
        "[\"dns.example\"]", "[\"\"]", "[\"192.0.2.53:0\"]", "[\"tls://dns.example\"]", "[\"tls://192.0.2.53:53#a\"]",
        "[\"tls://192.0.2.53#\"]", "[\"tls://192.0.2.53#a_b\"]", "[\"https://\"]", "[\"https://a@b/dns-query\"]",
        "[\"https://@192.0.2.1/\"]", "[\"https://a.example:0/q\"]", "[\"https://a.example/q?x\"]",
        "[\"http://a.example/\"]", "[\"quic://192.0.2.53\"]",
    ]

    private static let dns: [KeyCase] = [
        KeyCase(
            "[dns]", "validation", good: ["\"local\"", "\"resolver\"", "\"off\""], wrongType: notAString,
            unusable: ["\"yes\""]),
        KeyCase("[dns]", "trust_anchor", good: ["\"root.key\""], wrongType: notAString, unusable: ["\"\""]),
        KeyCase(
            "[dns]", "servers", good: ["[]", "[\"192.0.2.53\", \"::1\", \"127.0.0.1:5353\"]"],
            wrongType: notAListOfStrings, unusable: badNameServers),
        KeyCase(
            "[dns]", "privacy", good: ["\"strict\"", "\"opportunistic\""], wrongType: notAString,
            unusable: ["\"none\""]),
        KeyCase("[dns]", "cleartext", good: ["true"], wrongType: notABoolean, unusable: ["false"]),
        KeyCase("[dns]", "ca", good: ["\"\"", "\"ca.pem\""], wrongType: notAString),
        KeyCase(
            "[dns]", "pin_sha256", good: ["[]", "[\(pin)]"], wrongType: notAListOfStrings,
            unusable: ["[\"AAAA\"]", "[\"\(String(repeating: "A", count: 43))*\"]"]),
        KeyCase("[dns]", "nsec3_iterations", good: ["0", "100"], wrongType: notANumber, unusable: ["-1", "65536"]),
        KeyCase("[dns]", "sha1", good: ["true", "false"], wrongType: notABoolean),
        KeyCase("[dns]", "discovery", good: ["true", "false"], wrongType: notABoolean),
        KeyCase(
            "[dns]", "provisioning_domain", good: ["\"\"", "\"corp.example\""], wrongType: notAString,
            unusable: ["\"a..b\""]),
        KeyCase(
            "[dns]", "provisioning_zones", good: ["[]", "[\"corp.example\"]"], wrongType: notAListOfStrings,
            unusable: ["[\"a..b\"]"]),
        KeyCase("[dns]", "timeout", good: ["5", "0.5"], wrongType: notSeconds, unusable: ["0", "-1"]),
    ]

    private static let zone: [KeyCase] = {
        let name = "name = \"corp.example\""
        let servers = "servers = [\"https://dns.corp.example@10.0.0.53/dns-query\"]"
        return [
            KeyCase(
                "[[dns.zone]]", "name", good: ["\"corp.example\""], wrongType: notAString,
                unusable: ["\"\"", "\"a..b\""], beside: [servers]),
            KeyCase(
                "[[dns.zone]]", "servers", good: ["[\"10.0.0.53\"]"], wrongType: notAListOfStrings,
                unusable: ["[]"] + badNameServers, beside: [name]),
            KeyCase(
                "[[dns.zone]]", "username", good: ["\"ligase\""], wrongType: notAString,
                beside: [name, servers, "password_file = \"p\""]),
            KeyCase(
                "[[dns.zone]]", "password_file", good: ["\"p\""], wrongType: notAString, unusable: ["\"\""],
                beside: [name, servers, "username = \"u\""]),
            KeyCase(
                "[[dns.zone]]", "client_certificate", good: ["\"c\""], wrongType: notAString, unusable: ["\"\""],
                beside: [name, servers, "client_key = \"k\""]),
            KeyCase(
                "[[dns.zone]]", "client_key", good: ["\"k\""], wrongType: notAString, unusable: ["\"\""],
                beside: [name, servers, "client_certificate = \"c\""]),
            KeyCase("[[dns.zone]]", "ca", good: ["\"ca.pem\""], wrongType: notAString, beside: [name, servers]),
            KeyCase(
                "[[dns.zone]]", "pin_sha256", good: ["[\(pin)]"], wrongType: notAListOfStrings,
                unusable: ["[\"=\"]"], beside: [name, servers]),
            KeyCase(
                "[[dns.zone]]", "validation", good: ["\"local\"", "\"off\""], wrongType: notAString,
                unusable: ["\"on\""], beside: [name, servers]),
            KeyCase(
                "[[dns.zone]]", "trust_anchor", good: ["\"corp.key\""], wrongType: notAString, unusable: ["\"\""],
                beside: [name, servers]),
        ]
    }()

    private static let domain: [KeyCase] =
        [
            KeyCase(
                "[[domain]]", "name", good: ["\"a.example\"", "\"bücher.example\""], wrongType: notAString,
                unusable: ["\"\"", "\"a..b\"", "\"u@a.example\""], beside: ["backend = \"builtin\""]),
            KeyCase(
                "[[domain]]", "backend", good: ["\"component\""], wrongType: notAString, unusable: ["\"none\""],
                beside: ["name = \"a.example\"", "secret = \"s\""]),
            KeyCase(
                "[[domain]]", "secret", good: ["\"s\""], wrongType: notAString, unusable: ["\"\""],
                beside: ["name = \"a.example\""]),
            KeyCase(
                "[[domain]]", "secret_file", good: ["\"s\""], wrongType: notAString, unusable: ["\"\""],
                beside: ["name = \"a.example\""]),
            KeyCase(
                "[[domain]]", "server", good: ["\"127.0.0.1:15269\"", "\"[::1]:15269\""], wrongType: notAString,
                unusable: ["\"\"", "\"127.0.0.1\"", "\"127.0.0.1:0\"", "\"prosody:5269\""],
                beside: ["name = \"a.example\"", "backend = \"server\""]),
            KeyCase(
                "[[domain]]", "certificate", good: ["\"c\""], wrongType: notAString, unusable: ["\"\""],
                beside: ["name = \"a.example\"", "backend = \"builtin\"", "private_key = \"k\""]),
            KeyCase(
                "[[domain]]", "private_key", good: ["\"k\""], wrongType: notAString, unusable: ["\"\""],
                beside: ["name = \"a.example\"", "backend = \"builtin\"", "certificate = \"c\""]),
            KeyCase(
                "[[domain]]", "posh_certificates", good: ["[]", "[\"next.pem\"]"], wrongType: notAListOfStrings,
                unusable: ["[\"\"]"], beside: ["name = \"a.example\"", "backend = \"builtin\""]),
        ]
        + HostedDomain.contactPurposes.map { purpose in
            KeyCase(
                "[[domain]]", "\(purpose)_addresses", good: ["[]", "[\"mailto:abuse@a.example\"]"],
                wrongType: ["\"x\"", "[1]"],
                unusable: ["[\"nobody\"]", "[\"mailto:a b\"]"],
                beside: ["name = \"a.example\"", "backend = \"builtin\""])
        }

    private static let remote: [KeyCase] = {
        let name = ["name = \"b.example\""]
        return federation("[[remote]]", beside: name) + [
            KeyCase(
                "[[remote]]", "name", good: ["\"b.example\"", "\"*.b.example\""], wrongType: notAString,
                unusable: ["\"\"", "\"*.\"", "\"*\"", "\"a..b\""]),
            KeyCase("[[remote]]", "allow", good: ["true", "false"], wrongType: notABoolean, beside: name),
            KeyCase(
                "[[remote]]", "servers", good: ["[]", "[\"192.0.2.7:5269\", \"tls://[2001:db8::1]:5270\"]"],
                wrongType: notAListOfStrings, unusable: ["[\"192.0.2.7\"]", "[\"tls://b.example:5270\"]", "[\"\"]"],
                beside: name),
            KeyCase(
                "[[remote]]", "posh_server", good: ["\"127.0.0.1:8443\""], wrongType: notAString,
                unusable: ["\"127.0.0.1\"", "\"\""], beside: name),
            KeyCase(
                "[[remote]]", "trust_anchors", good: ["\"system\"", "\"ca.pem\""], wrongType: notAString,
                beside: name),
            KeyCase(
                "[[remote]]", "pin_sha256", good: ["[]", "[\(pin)]"], wrongType: notAListOfStrings,
                unusable: ["[\"x\"]"], beside: name),
        ]
    }()
}
