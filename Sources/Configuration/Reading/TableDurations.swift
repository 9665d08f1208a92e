/// Durations, which a file gives in seconds.
extension TableReader {
    /// A duration above zero, or of zero too.
    func seconds(_ key: String, default fallback: Duration, mayBeZero: Bool = false) -> Duration {
        guard let value = value(key) else { return fallback }
        return seconds(key, value, mayBeZero: mayBeZero, example: "\(key) = \(fallback.components.seconds)") ?? fallback
    }

    /// A duration, where 0 means never.
    func optionalSeconds(_ key: String, default fallback: Duration?) -> Duration? {
        let duration = seconds(key, default: fallback ?? .zero, mayBeZero: true)
        return duration == .zero ? nil : duration
    }

    /// A list of durations.
    func listOfSeconds(_ key: String, default fallback: [Duration]) -> [Duration] {
        let example = "\(key) = [\(fallback.map { "\($0.components.seconds)" }.joined(separator: ", "))]"
        guard let elements = elements(key, mend: "write \(example)") else { return fallback }
        return elements.compactMap { seconds(key, $0, mayBeZero: true, example: example) }
    }

    private func seconds(_ key: String, _ value: TOMLValue, mayBeZero: Bool, example: String) -> Duration? {
        // One year: longer is a slip, and would overflow what timers count in.
        let longest = 31_536_000.0
        let number: Double
        switch value.content {
        case .integer(let whole): number = Double(whole)
        case .float(let fraction): number = fraction
        default:
            wrongType(key, value, needed: "a number of seconds", mend: "write \(example)")
            return nil
        }
        guard number <= longest, mayBeZero ? number >= 0 : number >= 0.001 else {
            let least = mayBeZero ? "0" : "1"
            error(key, "is \(value.text), which is out of range", mend: "choose from \(least) to 31536000 seconds")
            return nil
        }
        // Adding a half rounds without the mathematics library, which this target has no reason to link.
        return .milliseconds(Int64(number * 1000 + 0.5))
    }
}

extension TOMLValue {
    /// A number as it would be written.
    fileprivate var text: String {
        switch content {
        case .integer(let whole): "\(whole)"
        case .float(let fraction): "\(fraction)"
        default: kind
        }
    }
}
