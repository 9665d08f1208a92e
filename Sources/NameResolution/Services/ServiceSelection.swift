/// The order in which service records of several priorities and weights are to be tried (RFC 2782, DN-03, DN-04).
public enum ServiceSelection {
    /// Orders entries: by priority, and within one by weighted chance.
    ///
    /// - Parameters:
    ///   - entries: What is to be ordered.
    ///   - priority: The priority of an entry; the lowest number is tried first.
    ///   - weight: The share of an entry within its priority.
    ///   - generator: The source of chance.
    public static func order<Entry>(
        _ entries: [Entry], priority: (Entry) -> UInt16, weight: (Entry) -> UInt16,
        using generator: inout some RandomNumberGenerator
    ) -> [Entry] {
        var ordered: [Entry] = []
        let groups = Dictionary(grouping: entries, by: priority)
        for group in groups.sorted(by: { $0.key < $1.key }) {
            // Shuffled, or of several zero weights the first in the answer would always win.
            let shuffled = group.value.shuffled(using: &generator)
            var remaining = shuffled.filter { weight($0) == 0 } + shuffled.filter { weight($0) != 0 }
            while !remaining.isEmpty {
                let weights = remaining.map(weight)
                let sum = weights.reduce(0) { $0 + Int($1) }
                let drawn = Int.random(in: 0...sum, using: &generator)
                ordered.append(remaining.remove(at: choice(among: weights, drawn: drawn)))
            }
        }
        return ordered
    }

    /// The first entry whose running sum is at least the number drawn.
    ///
    /// - Parameters:
    ///   - weights: At least one, those of zero in front.
    ///   - drawn: From zero to the sum of the weights, both included.
    public static func choice(among weights: [UInt16], drawn: Int) -> Int {
        var sum = 0
        for (index, weight) in weights.enumerated() {
            sum += Int(weight)
            if sum >= drawn { return index }
        }
        return weights.count - 1
    }
}
