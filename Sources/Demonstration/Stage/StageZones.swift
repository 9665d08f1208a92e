internal import DNSMessages
internal import EventLoops
internal import Prooftypes
internal import XMPPModel

/// The tree of zones that the players stand in: signed from the root down, with one set of keys throughout.
///
/// The keys come first, because the daemons are given the root's; the records follow when ports and certificates are known.
struct StageZones {
    /// Where a player is found.
    struct Place {
        let player: Player
        /// The port that it was given.
        let port: UInt16
        /// The key that its domain publishes in DNS; nil for none.
        var key: TLSARecord?
    }

    private let keys: [DNSName: SigningKey]
    /// The digest of the root's key, as a trust anchor file has it.
    let anchorText: String
    /// The root alone: daemons ask for its keys before the rest is known.
    let root: [EmbeddedZone]
    private let now: Int64

    /// Where the web sites of providers are.
    private static let webAddress = "127.0.0.1"

    /// Where the domain of an intercepted player would really be; nobody is there.
    private static let elsewhere = (address: "127.0.0.6", port: UInt16(5269))

    init(of players: [Player], now: Int64) throws(SignedHierarchyFailure) {
        let empty = try SignedHierarchy(Self.zones(of: players.map { Place(player: $0, port: 1) }), now: now)
        (keys, anchorText) = (empty.keys, empty.anchorText)
        root = empty.zones.filter(\.origin.isRoot)
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
            origin: place.player.domain,
            text: serviceRecord(of: place, port: place.port)
                + serverRecords(of: place, address: place.player.address, port: place.port))
        return forged.records.values.joined().filter { $0.type == .srv || $0.type == .a }.map { ($0.owner, $0) }
    }

    private static func zones(of places: [Place]) -> [SignedZone] {
        var zones = [SignedZone.signed("example")]
        var providers: [String: String] = [:]
        for place in places where place.player.entrance != .none {
            let player = place.player
            let (address, port) =
                player.entrance == .interception ? elsewhere : (player.address, place.port)
            var text = serviceRecord(of: place, port: port)
            let server = serverRecords(of: place, address: address, port: port)
            if let provider = player.provider { providers[provider, default: ""] += server } else { text += server }
            zones.append(player.isSigned ? .signed(player.domain, text) : .unsigned(player.domain, text))
            zones += player.furtherDomains.map { .signed($0, serviceRecord(of: place, port: port)) }
        }
        return zones
            + providers.sorted { $0.key < $1.key }.map { .signed($0.key, "@ A \(webAddress)\n\($0.value)") }
    }

    /// Where the domain's server is.
    private static func serviceRecord(of place: Place, port: UInt16) -> String {
        let service = place.player.entrance == .directTLS ? "_xmpps-server" : "_xmpp-server"
        return "\(service)._tcp SRV 10 0 \(port) \(place.player.host).\n"
    }

    /// The address of the server, and its key.
    private static func serverRecords(of place: Place, address: String, port: UInt16) -> String {
        let host = place.player.host
        let key = place.key.map { TLSAPublication.line($0, host: host, port: port) + "\n" } ?? ""
        return "\(host). A \(address)\n\(key)"
    }
}
