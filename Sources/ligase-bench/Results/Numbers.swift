/// Figures for people.
enum Numbers {
    /// With two decimals.
    static func decimal(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded())
        return "\(scaled / 100).\(scaled % 100 < 10 ? "0" : "")\(scaled % 100)"
    }

    /// With two decimals below a hundred, and none above.
    static func short(_ value: Double) -> String {
        value < 100 ? decimal(value) : "\(Int(value.rounded()))"
    }
}

extension Duration {
    /// In seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension [Double] {
    /// The one in the middle; zero of none.
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}
