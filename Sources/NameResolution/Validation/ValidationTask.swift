public import DNSMessages

/// What a response claims, to be proved record set by record set.
public struct ValidationTask: Hashable, Sendable {
    /// What a response says is not there.
    public enum Denial: Hashable, Sendable {
        /// The name exists and has no record of the type.
        case noRecords(DNSQuestion)
        /// There is no such name.
        case nameDoesNotExist(DNSName)
    }

    /// Records of one owner and type.
    public struct RecordSet: Hashable, Sendable {
        /// Their owner.
        public let owner: DNSName
        /// Their type.
        public let type: RecordType
        /// The records; at least one.
        public let records: [DNSRecord]

        /// Makes a set.
        public init(owner: DNSName, type: RecordType, records: [DNSRecord]) {
            self.owner = owner
            self.type = type
            self.records = records
        }
    }

    /// The record sets that are to be used, in the order in which they lead to the answer: aliases first.
    public var positive: [RecordSet]
    /// What is to be proved absent, besides.
    public var denial: Denial?
    /// The response's answer section: where signatures, and the DNAME of a made-up alias, are found.
    public var answers: [DNSRecord]
    /// Its authority section: where denials are found.
    public var authorities: [DNSRecord]

    /// Makes a task.
    public init(positive: [RecordSet], denial: Denial?, answers: [DNSRecord], authorities: [DNSRecord]) {
        self.positive = positive
        self.denial = denial
        self.answers = answers
        self.authorities = authorities
    }
}
