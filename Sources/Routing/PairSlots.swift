internal import XMPPModel

/// The slots of a remote domain's pairs, by local domain; most remote domains have one, which takes no table.
struct PairSlots: Sendable {
    private var first: (local: DomainName, slot: Int)?
    private var further: [DomainName: Int] = [:]

    /// Whether there is none.
    var isEmpty: Bool { first == nil && further.isEmpty }

    /// All of them, in no order.
    var all: [Int] { (first.map { [$0.slot] } ?? []) + further.values }

    /// The slot of a local domain's pair.
    subscript(local: DomainName) -> Int? {
        get {
            if let first, first.local == local { return first.slot }
            return further.isEmpty ? nil : further[local]
        }
        set {
            if first?.local == local {
                first = newValue.map { (local, $0) }
            } else if let newValue, first == nil, further[local] == nil {
                first = (local, newValue)
            } else {
                further[local] = newValue
            }
        }
    }
}

/// A value that is rare and large, kept apart from those that have none.
indirect enum KeptApart<Value: Sendable>: Sendable {
    case value(Value)

    /// It.
    var value: Value {
        switch self {
        case .value(let value): value
        }
    }
}
