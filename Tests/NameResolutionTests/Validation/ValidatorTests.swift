import DNSMessages
import NameResolution
import Testing

@Suite struct ValidatorTests {
    private static let honest: [(String, RecordType, SecurityStatus)] = {
        var cases: [(String, RecordType, SecurityStatus)] = []
        for zone in ["a.test", "h.test"] {
            cases += [
                ("www.\(zone)", .a, .secure), ("_xmpp-server._tcp.\(zone)", .srv, .secure),
                ("x.wild.\(zone)", .a, .secure), ("x.y.wild.\(zone)", .a, .secure), ("alias.\(zone)", .a, .secure),
                ("away.\(zone)", .a, .insecure), ("nowhere.\(zone)", .a, .secure), ("x.d.\(zone)", .a, .secure),
                ("absent.\(zone)", .a, .secure), ("x.y.absent.\(zone)", .a, .secure), ("www.\(zone)", .aaaa, .secure),
                ("empty.\(zone)", .a, .secure), ("x.wild.\(zone)", .tlsa, .secure), (zone, .ds, .secure),
                (zone, .dnskey, .secure), (zone, .aaaa, .secure), ("www.\(zone)", .ds, .secure),
                ("*.wild.\(zone)", .a, .secure), ("absent.e.\(zone)", .a, .secure),
            ]
        }
        return cases + [
            (".", .soa, .secure), (".", .dnskey, .secure), (".", .a, .secure), ("absent", .a, .secure),
            ("absent.test", .a, .secure), ("www.i.test", .a, .insecure), ("www.i.test", .aaaa, .insecure),
            ("absent.i.test", .a, .insecure), ("i.test", .ds, .secure), ("i.test", .a, .insecure),
            ("www.island.test", .a, .insecure), ("absent.island.test", .a, .insecure),
            ("www.u.o.test", .a, .insecure), ("u.o.test", .ds, .insecure), ("www.o.test", .a, .secure),
            ("absent.o.test", .a, .insecure), ("x.wild.o.test", .a, .insecure), ("www.o.test", .tlsa, .secure),
            ("www.many.test", .a, .secure), ("absent.many.test", .a, .insecure), ("www.many.test", .tlsa, .insecure),
            ("moved.test", .a, .secure),
        ]
    }()

    @Test(arguments: honest)
    func `DS-01: an honest answer gets the status of its zone`(
        name: String, type: RecordType, status: SecurityStatus
    ) throws {
        var scene = try ExampleTree().scene()
        let verdict = try scene.verdict(name, type)
        #expect(verdict.report.status == status, "\(verdict.report.reason)")
        // Once more from what is kept.
        let again = try scene.verdict(name, type)
        #expect(again.report.status == status, "\(again.report.reason)")
        #expect(Set(scene.fetches).count == scene.fetches.count, "nothing is fetched twice")
    }
}
