internal import DNSMessages
internal import EventLoops

/// The tree of zones that the players stand in: signed from the root down, with one set of keys throughout.
///
/// The keys come first, because the daemons are given the root's; the records follow when the ports are known.
struct StageZones {
    /// Where a player is found.
    struct Place {
        let player: Player
        /// The port that it was given.
        let port: UInt16
    }

    private let keys: [DNSName: SigningKey]
    /// The digest of the root's key, as a trust anchor file has it.
    let anchorText: String
    private let now: Int64

    /// Where the domain of an intercepted player would really be; nobody is there.
    private static let elsewhere = (address: "127.0.0.6", port: 5269)

    init(of players: [Player], now: Int64) throws(SignedHierarchyFailure) {
        let empty = try SignedHierarchy(Self.zones(of: players.map { Place(player: $0, port: 1) }), now: now)
        (keys, anchorText) = (empty.keys, empty.anchorText)
        self.now = now
    }

    /// The zones with the records of those who can be found.
    func zones(of places: [Place]) throws(SignedHierarchyFailure) -> [EmbeddedZone] {
        try SignedHierarchy(Self.zones(of: places), keys: keys, now: now).zones
    }

    /// What a forger puts in the place of an intercepted domain's records.
    static func forgeries(of place: Place) throws(ZoneTextError) -> [(name: DNSName, record: DNSRecord)] {
        guard place.player.entrance == .interception else { return [] }
        let forged = try EmbeddedZone(
            origin: place.player.domain, text: records(of: place, address: place.player.address, port: place.port))
        return forged.records.values.joined().filter { $0.type == .srv || $0.type == .a }.map { ($0.owner, $0) }
    }

    private static func zones(of places: [Place]) -> [SignedZone] {
        var zones = [SignedZone.signed("example")]
        for place in places {
            switch place.player.entrance {
            case .startTLS, .directTLS:
                let text = records(of: place, address: place.player.address, port: place.port)
                zones.append(.signed(place.player.domain, text))
            case .interception:
                let text = records(of: place, address: elsewhere.address, port: UInt16(elsewhere.port))
                zones.append(.signed(place.player.domain, text))
            case .none: break
            }
        }
        return zones
    }

    /// Service records, and the address of the host that they name.
    private static func records(of place: Place, address: String, port: UInt16) -> String {
        let service = place.player.entrance == .directTLS ? "_xmpps-server" : "_xmpp-server"
        return """
            \(service)._tcp SRV 10 0 \(port) xmpp
            xmpp A \(address)
            """
    }
}
