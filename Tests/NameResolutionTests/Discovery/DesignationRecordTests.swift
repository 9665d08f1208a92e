import DNSMessages
import NameResolution
import Testing

/// Which service bindings lead to a resolver, and which do not (RFC 9460, RFC 9461).
@Suite("RFC 9461 service bindings")
struct DesignationRecordTests {
    @Test func `DD-06: lower priorities first, and what is offered twice is tried in turn`() throws {
        var discovery = try DesignationBench.discovery()
        let h2 = ServiceParameter.applicationProtocols(["h2", "dot"])
        let records = [
            try DesignationBench.binding(
                20, "c.example", [DesignationBench.dot, DesignationBench.hint("198.51.100.3"), .port(8530)]),
            try DesignationBench.binding(
                1, "a.example", [h2, DesignationBench.hint("198.51.100.1"), .httpsPath("/dns-query{?dns}")]),
            try DesignationBench.binding(
                3, "b.example", [.applicationProtocols(["doq", "dot"]), DesignationBench.hint("198.51.100.2")]),
        ]
        let candidates = DesignationBench.candidates(try DesignationBench.begin(&discovery, records))
        #expect(candidates.map(\.address.description) == [1, 1, 2, 3].map { "198.51.100.\($0)" })
        #expect(candidates.map(\.port) == [443, 853, 853, 8530])
        #expect(candidates.map(\.channel) == [.https, .tls, .tls, .tls])
        #expect(candidates.map(\.path) == ["/dns-query", nil, nil, nil])
    }

    /// Parameters of one record, and why it is not used.
    static func unusable() throws -> [([ServiceParameter], DesignationRefusal)] {
        let target = try DNSName("dot.example.net")
        let h2 = ServiceParameter.applicationProtocols(["h2"])
        let unknown = ServiceParameter.Key(rawValue: 65444)
        let ech = ServiceParameter.Key(rawValue: 5)
        return [
            (
                [DesignationBench.dot, .mandatory([unknown]), ServiceParameter(unknown, [1])],
                .unknownParameter(65444, target: target)
            ),
            (
                [DesignationBench.dot, .mandatory([ech]), ServiceParameter(ech, [1])],
                .unknownParameter(5, target: target)
            ),
            ([h2], .path(target: target)), ([.applicationProtocols(["dot", "h3"])], .path(target: target)),
            ([h2, .httpsPath("/dns-query")], .path(target: target)),
            ([h2, .httpsPath("/dns-query{?other}")], .path(target: target)),
            ([h2, .httpsPath("//evil.example/{?dns}")], .path(target: target)),
            ([h2, .httpsPath("https://evil.example/{?dns}")], .path(target: target)),
            ([h2, .httpsPath("/a b{?dns}")], .path(target: target)),
            ([h2, .httpsPath("/a{?dns")], .path(target: target)),
            ([h2, .httpsPath("/a#b{?dns}")], .path(target: target)),
            ([.applicationProtocols(["doq"])], .noProtocol(target: target)), ([], .noProtocol(target: target)),
            ([DesignationBench.dot, .port(25)], .port(25, target: target)),
            ([DesignationBench.dot, .port(6667)], .port(6667, target: target)),
            ([DesignationBench.dot, .port(53)], .port(53, target: target)),
            ([DesignationBench.dot, .port(0)], .port(0, target: target)),
        ]
    }

    @Test func `DD-06: a record that cannot be used rightly is not used, and says why`() throws {
        for (parameters, reason) in try Self.unusable() {
            var discovery = try DesignationBench.discovery()
            let actions = try DesignationBench.begin(
                &discovery, [try DesignationBench.binding(parameters + [DesignationBench.hint("198.51.100.7")])])
            #expect(DesignationBench.conclusion(actions)?.refused == [reason])
            // Another record of the set may be used all the same.
            discovery = try DesignationBench.discovery()
            let good = try DesignationBench.binding(
                2, "good.example", [DesignationBench.dot, DesignationBench.hint("198.51.100.8")])
            let both = try DesignationBench.begin(
                &discovery, [try DesignationBench.binding(parameters + [DesignationBench.hint("198.51.100.7")]), good])
            #expect(DesignationBench.candidates(both).map(\.target.description) == ["good.example"])
        }
    }

    @Test(arguments: [
        ("192.0.2.53", "127.0.0.1", false), ("192.0.2.53", "169.254.1.1", false), ("192.0.2.53", "0.0.0.0", false),
        ("192.0.2.53", "224.0.0.251", false), ("192.0.2.53", "255.255.255.255", false),
        ("192.0.2.53", "10.0.0.1", true),
        ("192.0.2.53", "::1", false), ("192.0.2.53", "::", false), ("192.0.2.53", "fe80::1", false),
        ("192.0.2.53", "ff02::1", false), ("192.0.2.53", "::ffff:127.0.0.1", false), ("192.0.2.53", "fd00::1", true),
        ("127.0.0.1", "127.0.0.2", true), ("127.0.0.1", "::1", true), ("127.0.0.1", "0.0.0.0", false),
        ("169.254.0.1", "169.254.0.2", true), ("169.254.0.1", "127.0.0.1", false),
    ])
    func `DD-06: nobody outside designates an address of this host or link, and nobody one that is none`(
        resolver: String, address: String, isTried: Bool
    ) throws {
        var discovery = try DesignationBench.discovery(resolver)
        let found = try #require(IPAddress(address))
        let hints = ServiceParameter.addressHints(found.family, [found])
        let actions = try DesignationBench.begin(
            &discovery, [try DesignationBench.binding([DesignationBench.dot, hints])])
        #expect(DesignationBench.candidates(actions).map(\.address) == (isTried ? [found] : []))
        let refused = DesignationBench.conclusion(actions)?.refused
        #expect(refused == (isTried ? nil : [.address(found, target: try DNSName("dot.example.net"))]))
    }

    @Test func `DD-06: the vectors are read as they are, and malformed data voids the whole set`() throws {
        let doh: [UInt8] =
            [
                0, 1, 3, 0x64, 0x6F, 0x68, 7, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 3, 0x6E, 0x65, 0x74, 0, 0, 1, 0,
                3,
                2, 0x68, 0x32, 0, 7, 0, 16,
            ] + Array("/dns-query{?dns}".utf8)
        let owner = try DNSName("_dns.resolver.arpa")
        let record = DNSRecord(owner: owner, type: .svcb, timeToLive: 60, octets: doh)
        var discovery = try DesignationBench.discovery()
        let asked = try DesignationBench.begin(&discovery, [record])
        #expect(asked.contains(.ask(try TestRecords.question("doh.example.net", .a))))
        // The parameter alpn twice.
        let twice = Array(doh[..<26]) + Array(doh[19..<26])
        discovery = try DesignationBench.discovery()
        let good = try DesignationBench.binding(
            2, "good.example", [DesignationBench.dot, DesignationBench.hint("198.51.100.8")])
        let actions = try DesignationBench.begin(
            &discovery, [good, DNSRecord(owner: owner, type: .svcb, timeToLive: 60, octets: twice)])
        #expect(DesignationBench.conclusion(actions)?.refused == [.malformed])
    }

    @Test func `DD-06: aliases are followed, next to one nothing else counts, and their number is bounded`() throws {
        var discovery = try DesignationBench.discovery()
        var actions = try DesignationBench.begin(
            &discovery,
            [
                try DesignationBench.binding(0, "a1.example", []),
                try DesignationBench.binding([DesignationBench.dot, DesignationBench.hint("198.51.100.7")]),
            ])
        for step in 1...DesignationDiscovery.maximumAliases {
            let question = try TestRecords.question("a\(step).example", .svcb)
            #expect(actions.contains(.ask(question)))
            let next = try DesignationBench.binding(0, "a\(step + 1).example", [], owner: "a\(step).example")
            actions = discovery.handle(
                .answered(question, .success(TestRecords.response(to: question, answers: [next]))))
        }
        #expect(DesignationBench.conclusion(actions)?.refused == [.alias])
    }

    @Test func `DD-06: an alias to nothing, or back, ends it`() throws {
        for target in [".", "_dns.resolver.arpa"] {
            var discovery = try DesignationBench.discovery()
            let actions = try DesignationBench.begin(&discovery, [try DesignationBench.binding(0, target, [])])
            #expect(DesignationBench.conclusion(actions)?.refused == [.alias])
        }
    }

    @Test func `DD-06: a flood of records makes a bounded number of connections`() throws {
        var discovery = try DesignationBench.discovery()
        let records = try (1...200).map { index in
            try DesignationBench.binding(
                UInt16(index), "t\(index).example",
                [DesignationBench.dot, DesignationBench.hint("198.51.100.\(index)")])
        }
        let actions = try DesignationBench.begin(&discovery, records)
        #expect(DesignationBench.candidates(actions).count == 8)
        let ended = discovery.handle(.timerFired(.patience))
        #expect(DesignationBench.conclusion(ended)?.refused.contains(.tooMany) == true)
    }
}
