/// What a name server said.
public struct DNSResponse: Hashable, Sendable {
    /// The identifier of the query.
    public let identifier: UInt16
    /// How the server fared.
    public let code: ResponseCode
    /// Whether the server has authority for the name (AA).
    public let isAuthoritative: Bool
    /// Whether the answer did not fit and has to be asked for over TCP (TC); it then holds no records.
    public let isTruncated: Bool
    /// Whether the server looks names up for its clients (RA).
    public let offersRecursion: Bool
    /// Whether the server validated the answer (AD): worth something over an authenticated channel only.
    public let isAuthenticated: Bool
    /// The question that it answers; nil when the server left it out.
    public let question: DNSQuestion?
    /// The answer section: records of class IN.
    public let answers: [DNSRecord]
    /// The authority section: records of class IN.
    public let authorities: [DNSRecord]

    /// The name asked about, in the letter case of the response.
    let askedName: [UInt8]?

    /// Makes a response to a query, as a name server does.
    public init(
        to query: DNSQuery, code: ResponseCode = .noError, isAuthoritative: Bool = false, isTruncated: Bool = false,
        offersRecursion: Bool = true, isAuthenticated: Bool = false, answers: [DNSRecord] = [],
        authorities: [DNSRecord] = []
    ) {
        identifier = query.identifier
        self.code = code
        self.isAuthoritative = isAuthoritative
        self.isTruncated = isTruncated
        self.offersRecursion = offersRecursion
        self.isAuthenticated = isAuthenticated
        question = query.question
        askedName = query.askedName
        self.answers = isTruncated ? [] : answers
        self.authorities = isTruncated ? [] : authorities
    }

    /// Reads a response.
    ///
    /// - Throws: ``DNSMessageFailure`` when it is malformed or not a response. Reading takes time in proportion to the
    ///   octets, whatever they are.
    public init(decoding octets: [UInt8]) throws(DNSMessageFailure) {
        var reader = MessageReader(octets)
        let header = try MessageHeader(from: &reader)
        guard header.has(MessageFormat.response) else { throw .wrongDirection }
        identifier = header.identifier
        isAuthoritative = header.has(MessageFormat.authoritative)
        isTruncated = header.has(MessageFormat.truncated)
        offersRecursion = header.has(MessageFormat.recursionAvailable)
        isAuthenticated = header.has(MessageFormat.authenticated)
        question = header.question
        askedName = header.askedName
        let lowerCodeBits = header.flags & MessageFormat.codeMask

        guard !isTruncated else {
            // What is left of it may end in the middle of a record and is not to be used (RFC 2181 §9).
            (code, answers, authorities) = (ResponseCode(rawValue: lowerCodeBits), [], [])
            return
        }
        var sections: [DNSMessagePart: RecordReader.Section] = [:]
        for (part, count) in header.counts {
            sections[part] = try RecordReader.section(part, count: count, from: &reader)
        }
        guard reader.remaining == 0 else { throw .trailingOctets(count: reader.remaining) }
        answers = sections[.answer]?.records ?? []
        authorities = sections[.authority]?.records ?? []
        code = ResponseCode(rawValue: (sections[.additional]?.extended?.upperCodeBits ?? 0) << 4 | lowerCodeBits)
    }

    /// The octets to send.
    ///
    /// - Parameter payloadOctets: What the EDNS record of the response offers; nil for a response without.
    /// - Throws: ``DNSMessageFailure/notEncodable``.
    public func encode(
        payloadOctets: UInt16? = DNSQuery.defaultPayloadOctets
    ) throws(DNSMessageFailure) -> [UInt8] {
        var flags = MessageFormat.response | MessageFormat.recursionDesired
        if isAuthoritative { flags |= MessageFormat.authoritative }
        if isTruncated { flags |= MessageFormat.truncated }
        if offersRecursion { flags |= MessageFormat.recursionAvailable }
        if isAuthenticated { flags |= MessageFormat.authenticated }
        flags |= code.rawValue & MessageFormat.codeMask
        let packet = try Packet(identifier: identifier, flags: flags)
        if let question, let askedName { try packet.ask(askedName, question.type) }
        for record in answers { try packet.add(record, to: .answer) }
        for record in authorities { try packet.add(record, to: .authority) }
        if let payloadOctets {
            packet.extend(payloadOctets: payloadOctets, upperCodeBits: UInt8(truncatingIfNeeded: code.rawValue >> 4))
        }
        return try packet.encode()
    }
}
