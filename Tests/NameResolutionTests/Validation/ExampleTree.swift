import DNSMessages
import NameResolution

/// The tree of most tests: root, `test.`, and below it zones of each kind.
struct ExampleTree {
    let tree: SignedTree
    let anchor: TrustAnchor
    /// Keys of the signed zones.
    let keys: [String: SigningKey]

    /// Zones with NSEC: root, `test`, `a.test`, `b.test`. With NSEC3: `h.test`, with opt-out `o.test`, with too many
    /// iterations `many.test`. Unsigned: `i.test`, and `u.o.test` in an opt-out gap; signed without DS: `island.test`.
    init(algorithm: SigningAlgorithm = .ecdsaP256SHA256) throws {
        var tree = SignedTree()
        var keys: [String: SigningKey] = [:]
        for zone in [".", "test", "a.test", "b.test", "h.test", "o.test", "many.test", "island.test"] {
            keys[zone] = try SignedTree.key(zone, zone == "a.test" ? algorithm : .ecdsaP256SHA256)
        }
        func key(_ zone: String) throws -> [SigningKey] {
            guard let key = keys[zone] else { throw DNSNameError.malformed }
            return [key]
        }
        let unsigned = try SignedTree.delegation("i.test", []) + SignedTree.delegation("island.test", [])
        let signed = try ["a", "b", "h", "o", "many"].flatMap {
            try SignedTree.delegation("\($0).test", key("\($0).test"))
        }
        let moved = try TestRecords.alias("moved.test", "www.a.test")
        try tree.add(".", keys: key("."), SignedTree.delegation("test", key("test")))
        try tree.add("test", keys: key("test"), signed + unsigned + [moved])
        for (zone, denial): (String, ZoneSigner.Denial) in [
            ("a", .nextSecure), ("h", .hashed(.init(iterations: 3, salt: [1, 2]), optOut: false)),
            ("o", .hashed(.init(), optOut: true)), ("many", .hashed(.init(iterations: 500), optOut: false)),
        ] {
            try tree.add("\(zone).test", keys: key("\(zone).test"), denial: denial, Self.contents("\(zone).test"))
        }
        try tree.add("b.test", keys: key("b.test"), [TestRecords.address("www.b.test", "192.0.2.9")])
        try tree.add("i.test", keys: [], [TestRecords.address("www.i.test", "192.0.2.1")])
        try tree.add("u.o.test", keys: [], [TestRecords.address("www.u.o.test", "192.0.2.1")])
        try tree.add("island.test", keys: key("island.test"), [TestRecords.address("www.island.test", "192.0.2.1")])
        self.tree = tree
        self.keys = keys
        anchor = SignedTree.anchor(try key(".")[0])
    }

    private static func contents(_ zone: String) throws -> [DNSRecord] {
        let target = try DNSName("e.\(zone)").wire
        var records = [
            try TestRecords.address("www.\(zone)", "192.0.2.1"), try TestRecords.address("www.\(zone)", "192.0.2.2"),
            try TestRecords.service("_xmpp-server._tcp.\(zone)", 0, 0, 5269, "www.\(zone)"),
            try TestRecords.address("*.wild.\(zone)", "192.0.2.3"),
            try TestRecords.address("leaf.empty.\(zone)", "192.0.2.4"),
            try TestRecords.alias("alias.\(zone)", "www.\(zone)"),
            try TestRecords.alias("away.\(zone)", "www.i.test"),
            try TestRecords.alias("nowhere.\(zone)", "absent.\(zone)"),
            try TestRecords.address("x.e.\(zone)", "192.0.2.5"),
        ]
        records.append(DNSRecord(owner: try DNSName("d.\(zone)"), type: .dname, timeToLive: 300, octets: target))
        if zone == "o.test" { records += try SignedTree.delegation("u.o.test", []) }
        return records
    }

    func scene(limits: ValidationLimits = ValidationLimits()) -> ValidationScene {
        ValidationScene(tree, anchors: [anchor], limits: limits)
    }
}
