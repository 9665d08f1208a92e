/// An SRV record (RFC 2782).
public struct ServiceRecord: Hashable, Sendable {
    /// Lower numbers are tried first.
    public var priority: UInt16
    /// The share among records of one priority.
    public var weight: UInt16
    /// The TCP port.
    public var port: UInt16
    /// The target host in A-label form, without a final dot; empty for the `.` that offers no service.
    public var target: String

    /// Makes a record.
    public init(priority: UInt16, weight: UInt16, port: UInt16, target: String) {
        self.priority = priority
        self.weight = weight
        self.port = port
        self.target = target
    }
}

/// A TLSA record (RFC 6698 §2).
public struct TLSARecord: Hashable, Sendable {
    /// Certificate usage, 0 to 3.
    public var usage: UInt8
    /// Selector: 0 the certificate, 1 its public key.
    public var selector: UInt8
    /// Matching type: 0 the bytes, 1 SHA-256, 2 SHA-512.
    public var matching: UInt8
    /// The association data.
    public var data: [UInt8]

    /// Makes a record.
    public init(usage: UInt8, selector: UInt8, matching: UInt8, data: [UInt8]) {
        self.usage = usage
        self.selector = selector
        self.matching = matching
        self.data = data
    }
}
