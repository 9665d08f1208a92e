/// Finds the known word that was probably meant.
enum KeySuggestion {
    /// The nearest of `candidates`, or `nil` when none is near enough to be a slip.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let folded = fold(word)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(folded, fold(candidate))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        if let best, best.distance <= max(1, min(3, folded.count / 3)) { return best.candidate }
        let abbreviated = candidates.filter { isAbbreviation(folded, of: fold($0)) }
        return abbreviated.count == 1 ? abbreviated.first : nil
    }

    /// Whether `short` is `long` with letters left out, as `min_version` of `minimum_version`.
    private static func isAbbreviation(_ short: [UInt8], of long: [UInt8]) -> Bool {
        guard short.count >= 3, short.first == long.first else { return false }
        var rest = short[...]
        for byte in long where byte == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }

    /// Case and the choice between `-`, `_` and nothing are the likeliest slips of all.
    private static func fold(_ word: String) -> [UInt8] {
        word.utf8.prefix(64).compactMap { byte in
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "_"): nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
    private static func distance(_ from: [UInt8], _ to: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...to.count)
        for (row, left) in from.enumerated() {
            var current = [row + 1]
            for (column, right) in to.enumerated() {
                var cost = min(last[column] + (left == right ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left == to[column - 1], from[row - 1] == right {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[to.count]
    }
}
