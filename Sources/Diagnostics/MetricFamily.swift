/// One metric in the text exposition format of Prometheus, with all of its samples.
public struct MetricFamily: Hashable, Sendable {
    /// What its value does.
    public enum Kind: String, Hashable, Sendable {
        /// It only goes up.
        case counter
        /// It goes up and down.
        case gauge
    }

    /// One value.
    public struct Sample: Hashable, Sendable {
        /// What it is of; names are ours.
        public var labels: [Label]
        /// The value.
        public var value: Int

        /// Makes a sample.
        public init(_ value: Int, _ labels: [Label] = []) {
            self.labels = labels
            self.value = value
        }
    }

    /// What tells samples of one metric apart.
    public struct Label: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value, any text.
        public var value: String

        /// Makes a label.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The media type of the format.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// The name, with prefix and unit.
    public var name: String
    /// What it tells, in one line.
    public var summary: String
    /// What its value does.
    public var kind: Kind
    /// The values.
    public var samples: [Sample]

    /// Makes a metric.
    public init(_ name: String, _ kind: Kind, _ summary: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.samples = samples
    }

    /// Makes one of what is counted.
    public init(_ metric: Metric, value: Int) {
        self.init(metric.name, metric.isGauge ? .gauge : .counter, metric.summary, samples: [Sample(value)])
    }

    /// The lines: `# HELP`, `# TYPE`, and one for each sample.
    public var text: String {
        var text = "# HELP \(name) \(Self.escaped(summary, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(sample.value)\n"
        }
        return text
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
