/// A length of time in its two largest units: `3 d 4 h`, `12 min 5 s`.
enum DurationText {
    static func render(_ seconds: Int64) -> String {
        let units: [(name: String, length: Int64)] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)]
        let whole = max(0, seconds)
        guard let first = units.firstIndex(where: { whole >= $0.length }) else { return "0 s" }
        let major = "\(whole / units[first].length) \(units[first].name)"
        guard first + 1 < units.count else { return major }
        let minor = units[first + 1]
        return major + " \(whole % units[first].length / minor.length) \(minor.name)"
    }
}
