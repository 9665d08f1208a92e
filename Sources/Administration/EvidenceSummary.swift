/// What a prooftype found, as named findings in the order in which they are shown; in JSON an object of texts.
public struct EvidenceSummary: Hashable, Sendable {
    /// One finding.
    public struct Finding: Hashable, Sendable {
        /// The name of the field, such as `issuer`.
        public var name: String
        /// The value as text.
        public var value: String

        /// Makes a finding.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The findings; of two with one name the first counts.
    public var findings: [Finding]

    /// Makes a summary.
    public init(_ findings: [Finding] = []) { self.findings = findings }

    /// The value of a finding.
    public subscript(name: String) -> String? { findings.first { $0.name == name }?.value }
}

extension EvidenceSummary: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads an object of texts; its members have no order, so findings are sorted by name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        findings = try container.allKeys
            .map { Finding(name: $0.stringValue, value: try container.decode(String.self, forKey: $0)) }
            .sorted { $0.name < $1.name }
    }

    /// Writes an object of texts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for finding in findings.reversed() {
            try container.encode(finding.value, forKey: Name(stringValue: finding.name))
        }
    }
}
