/// Why octets are not a DNS message, or a message cannot be put into octets.
public enum DNSMessageFailure: Error, Hashable, Sendable {
    /// The message ends in the middle of its header or of the named part.
    case cutShort(DNSMessagePart)
    /// Octets follow the last record.
    case trailingOctets(count: Int)
    /// A name is too long, or its compression does not lead backwards (a loop, for instance).
    case badName(DNSMessagePart)
    /// A record's data does not have the form of its type.
    case badRecord(RecordType)
    /// More records than a message may hold here (1000): its sender means no good.
    case tooManyRecords
    /// There is not exactly one question, or its class is not IN.
    case badQuestion
    /// A query where a response belongs, or the other way round.
    case wrongDirection
    /// An operation other than a standard query.
    case unsupportedOperation
    /// The library could not encode it: a record is malformed, or the whole exceeds 65,535 octets.
    case notEncodable
}
