/// A question on its way to a name server, with what tells its response from a forged one.
public struct DNSQuery: Hashable, Sendable {
    /// The identifier that the response has to repeat; unpredictable in a real query (RFC 5452 §9.1).
    public let identifier: UInt16
    /// What is asked.
    public let question: DNSQuestion
    /// Whether signatures are wanted with the records (the DO bit, RFC 3225).
    public let wantsSignatures: Bool
    /// Whether the server shall leave validation to us (the CD bit, RFC 4035 §3.2.2).
    public let disablesChecking: Bool
    /// The size of datagram that we receive, in octets (RFC 6891 §6.2.5); nil for a query without EDNS.
    public let payloadOctets: UInt16?
    /// The version of EDNS; one that a server does not know it answers with ``ResponseCode/badVersion``.
    public private(set) var extensionVersion: UInt8 = 0
    /// What client and server recognise each other by; it needs EDNS.
    public var cookie: DNSCookie?
    /// Whether the message is padded to a multiple of 128 octets, against who measures encrypted ones (RFC 8467 §4.1).
    ///
    /// Only for encrypted transports (RFC 7830 §6), and only with EDNS.
    public var isPadded = false
    /// The name as it stands in the message, uncompressed, in the letter case sent.
    private(set) var askedName: [UInt8]
    private(set) var hasRandomCase = false

    /// The payload that crosses an Ethernet and a tunnel unfragmented (DNS flag day 2020).
    public static let defaultPayloadOctets: UInt16 = 1232
    private static let commonOctets = 128

    /// Makes a query with recursion desired.
    public init(
        identifier: UInt16, question: DNSQuestion, wantsSignatures: Bool = false, disablesChecking: Bool = false,
        payloadOctets: UInt16? = Self.defaultPayloadOctets
    ) {
        self.identifier = identifier
        self.question = question
        self.wantsSignatures = wantsSignatures
        self.disablesChecking = disablesChecking
        self.payloadOctets = payloadOctets
        askedName = question.name.wire
    }

    /// Reads a query, as a name server does.
    ///
    /// - Throws: ``DNSMessageFailure`` when it is malformed, a response, or not one question of class IN.
    public init(decoding octets: [UInt8]) throws(DNSMessageFailure) {
        var reader = MessageReader(octets)
        let header = try MessageHeader(from: &reader)
        guard !header.has(MessageFormat.response) else { throw .wrongDirection }
        guard let question = header.question, let askedName = header.askedName else { throw .badQuestion }
        var extended: ExtendedHeader?
        for (part, count) in header.counts {
            extended = try RecordReader.section(part, count: count, from: &reader).extended ?? extended
        }
        guard reader.remaining == 0 else { throw .trailingOctets(count: reader.remaining) }
        self.init(
            identifier: header.identifier, question: question, wantsSignatures: extended?.signaturesWanted ?? false,
            disablesChecking: header.has(MessageFormat.checkingDisabled), payloadOctets: extended?.payloadOctets)
        self.askedName = askedName
        extensionVersion = extended?.version ?? 0
        isPadded = extended?.value(of: .padding) != nil
        if let octets = extended?.value(of: .cookie) {
            // RFC 7873 §5.2.2: a cookie of a wrong length is a malformed query.
            guard let cookie = DNSCookie(octets: octets) else { throw .badRecord(.opt) }
            self.cookie = cookie
        }
    }

    /// Gives each letter of the name a random case, which an honest server repeats and a forger has to guess.
    ///
    /// - SeeAlso: draft-vixie-dnsext-dns0x20.
    public mutating func randomizeCase(using generator: inout some RandomNumberGenerator) {
        hasRandomCase = true
        // A bit for each letter: the system's generator is a call into the kernel.
        var bits: UInt64 = 0
        var bitsLeft = 0
        for index in askedName.indices where UInt8(ascii: "a")...UInt8(ascii: "z") ~= askedName[index] | 0x20 {
            // Length octets are below 64 and stay untouched: letters begin at 65.
            if bitsLeft == 0 { (bits, bitsLeft) = (generator.next(), UInt64.bitWidth) }
            if bits & 1 == 1 { askedName[index] ^= 0x20 }
            bits >>= 1
            bitsLeft -= 1
        }
    }

    /// The octets to send.
    ///
    /// - Throws: ``DNSMessageFailure/notEncodable``.
    public func encode() throws(DNSMessageFailure) -> [UInt8] {
        var flags = MessageFormat.recursionDesired
        if disablesChecking { flags |= MessageFormat.checkingDisabled }
        // So little that the library's detour over a packet of its own would take most of the time.
        var octets: [UInt8] = []
        octets.reserveCapacity(Self.commonOctets)
        for number in [identifier, flags, 1, 0, 0, 0] { octets.appendBigEndian(number) }
        octets += askedName
        octets.appendBigEndian(question.type.rawValue)
        octets.appendBigEndian(MessageFormat.classInternet)
        guard let payloadOctets else { return octets }
        var extended = ExtendedHeader(payloadOctets: payloadOctets)
        extended.version = extensionVersion
        extended.signaturesWanted = wantsSignatures
        extended.options = [cookie?.option].compactMap { $0 }
        try extended.append(to: &octets, paddedTo: isPadded ? MessageFormat.queryBlockOctets : nil)
        return octets
    }

    /// Whether a response is one to this query: same identifier, name, type and class (RFC 5452 §9.1).
    ///
    /// The source of the datagram is the transport's to check.
    public func isAnswered(by response: DNSResponse) -> Bool {
        guard response.identifier == identifier, response.question == question else { return false }
        return !hasRandomCase || response.askedName == askedName
    }
}
