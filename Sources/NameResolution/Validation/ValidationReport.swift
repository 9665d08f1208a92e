public import DNSMessages

/// What validation found, down to the record and the key: for operators, logs and evidence.
public struct ValidationReport: Hashable, Sendable {
    /// One step of the chain from the trust anchor to the answer.
    public struct Link: Hashable, Sendable {
        /// The zone that the step is about.
        public let zone: DNSName
        /// What the zone is after this step.
        public let status: SecurityStatus
        /// The record and the key, in words: `DS 12345 ECDSAP256SHA256 matches key 12345, which signs the DNSKEY set`.
        public let detail: String

        /// Makes a step.
        public init(zone: DNSName, status: SecurityStatus, detail: String) {
            self.zone = zone
            self.status = status
            self.detail = detail
        }
    }

    /// The status of the whole answer.
    public let status: SecurityStatus
    private let text: ReportText
    /// Shared by all answers of a zone; the last step follows from the text where there is a concluding zone.
    private let steps: [Link]
    private let concludingZone: DNSName?

    /// Makes a report.
    public init(status: SecurityStatus, reason: String, chain: [Link] = []) {
        self.init(status: status, reason: .words(reason), steps: chain, concludingZone: nil)
    }

    /// Makes a report whose text is put together when it is read.
    ///
    /// - Parameter concludingZone: The zone of one more step, which the reason describes.
    init(status: SecurityStatus, reason: ReportText, steps: [Link], concludingZone: DNSName?) {
        self.status = status
        text = reason
        self.steps = steps
        self.concludingZone = concludingZone
    }

    /// Why, in one sentence that names the record and the key.
    public var reason: String { text.description }

    /// The steps, the trust anchor's first.
    public var chain: [Link] {
        guard let concludingZone else { return steps }
        return steps + [Link(zone: concludingZone, status: status, detail: reason)]
    }

    /// Whether reports say the same.
    public static func == (one: ValidationReport, other: ValidationReport) -> Bool {
        one.status == other.status && one.reason == other.reason && one.chain == other.chain
    }

    /// Feeds what reports are compared by.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(reason)
    }

    /// The same report, with a name stored where others store it.
    func sharing(_ name: DNSName) -> ValidationReport {
        guard case .validSignature(let found) = text, found.owner == name else { return self }
        let shared = ReportText.ValidSignature(
            owner: name, type: found.type, keyTag: found.keyTag, zone: found.zone, expiration: found.expiration)
        return ValidationReport(
            status: status, reason: .validSignature(shared), steps: steps, concludingZone: concludingZone)
    }

    /// The memory that it takes up besides its own size, in octets, as if it shared nothing.
    ///
    /// - Parameter allocation: What each piece of memory costs on top.
    func storedOctets(allocation: Int) -> Int {
        let words = if case .words(let words) = text { words.utf8.count + allocation } else { 0 }
        return steps.reduce(words) {
            $0 + MemoryLayout<Link>.stride + $1.detail.utf8.count + allocation + $1.zone.wire.count + allocation
        }
    }
}
