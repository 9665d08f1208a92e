public import DNSMessages

/// The trust anchors, at most one for each zone (DS-02).
public struct TrustAnchorSet: Hashable, Sendable {
    private var anchors: [DNSName: TrustAnchor] = [:]

    /// Makes a set; anchors of the same zone are joined.
    public init(_ anchors: some Sequence<TrustAnchor> = []) {
        for anchor in anchors { insert(anchor) }
    }

    /// All anchors, in the order of their zones.
    public var all: [TrustAnchor] { anchors.values.sorted { $0.zone < $1.zone } }

    /// Adds the keys of an anchor to those of its zone.
    public mutating func insert(_ anchor: TrustAnchor) {
        let known = anchors[anchor.zone]
        anchors[anchor.zone] = TrustAnchor(
            zone: anchor.zone, signers: (known?.signers ?? []) + anchor.signers,
            keys: (known?.keys ?? []) + anchor.keys)
    }

    /// Puts an anchor in the place of all that was known of its zone.
    public mutating func replace(_ anchor: TrustAnchor) {
        anchors[anchor.zone] = anchor
    }

    /// The anchor closest to a name, at or above it; an area with none above it is insecure.
    public func closest(to name: DNSName) -> TrustAnchor? {
        var candidate: DNSName? = name
        while let zone = candidate {
            if let anchor = anchors[zone] { return anchor }
            candidate = zone.parent
        }
        return nil
    }
}
