internal import DNSMessages

/// What the types at a name allow to conclude (RFC 6840 §4, RFC 5155 §8).
struct NameTypes: Sendable {
    private let types: RecordTypeSet
    private let owner: DNSName

    init(_ types: RecordTypeSet, owner: DNSName) {
        self.types = types
        self.owner = owner
    }

    /// Whether the names below are another zone's, or moved away.
    var hidesWhatIsBelow: Bool { isDelegation || types.contains(.dname) }

    private var isDelegation: Bool { types.contains(.ns) && !types.contains(.soa) }

    /// Why this does not show that the name has no records of a type; nil when it does.
    func objection(to type: RecordType) -> String? {
        if types.contains(type) { return "it lists \(type)" }
        if types.contains(.cname) { return "it lists CNAME" }
        if type == .ds {
            // The child's apex knows nothing of the DS set, which stands in the parent.
            return types.contains(.soa) && !owner.isRoot ? "it is of the zone below the cut" : nil
        }
        return isDelegation ? "it is of the zone above the cut" : nil
    }
}
