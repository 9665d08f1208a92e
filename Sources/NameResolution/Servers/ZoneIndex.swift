internal import DNSMessages

/// The zones of a plan by their names.
struct ZoneIndex: Sendable {
    private let zones: [DNSName: ResolutionZone]
    /// The only zone, when that is the root's: then there is nothing to look for.
    private let single: ResolutionZone?
    /// The labels of the longest name of a zone: longer names need not be gone through from their beginning.
    private let mostLabels: Int

    init(_ zones: [ResolutionZone]) {
        // Of two zones with the same name the first counts; the configuration refuses a second.
        self.zones = Dictionary(zones.map { ($0.name, $0) }) { first, _ in first }
        mostLabels = zones.map(\.name.labelCount).max() ?? 0
        single = zones.count == 1 ? zones.first.flatMap { $0.name.isRoot ? $0 : nil } : nil
    }

    /// The zone with the longest name at or above a name (EN-05); nil when not even the root has one.
    func zone(of name: DNSName) -> ResolutionZone? {
        if let single { return single }
        var candidate: DNSName? = name.suffix(labels: mostLabels)
        while let ancestor = candidate {
            if let zone = zones[ancestor] { return zone }
            candidate = ancestor.parent
        }
        return nil
    }

    /// Whether a name belongs to a zone, and not to one below it.
    func isName(_ name: DNSName, of zone: ResolutionZone) -> Bool {
        single != nil || self.zone(of: name)?.name == zone.name
    }
}
