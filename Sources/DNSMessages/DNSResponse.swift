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
    /// Whether the query asked that validation be left to it, as the server repeats it (CD).
    public let hasCheckingDisabled: Bool
    /// The question that it answers; nil when the server left it out.
    public let question: DNSQuestion?
    /// The answer section: records of class IN.
    public let answers: [DNSRecord]
    /// The authority section: records of class IN.
    public let authorities: [DNSRecord]
    /// The first records of the additional section, at most 64: hints, which nothing vouches for.
    public let additionals: [DNSRecord]
    /// The size of datagram that the server receives, in octets; nil for a response without EDNS.
    public let payloadOctets: UInt16?
    /// What client and server recognise each other by; nil also when it has a length that no cookie has.
    public var cookie: DNSCookie?
    /// Why there is no better answer, the first few reasons.
    public var extendedErrors: [ExtendedError] = []
    /// Whether the message is padded to a multiple of 468 octets (RFC 8467 §4.1); it needs EDNS.
    public var isPadded = false

    /// The name asked about, in the letter case of the response.
    let askedName: [UInt8]?

    /// Makes a response to a query, as a name server does.
    public init(
        to query: DNSQuery, code: ResponseCode = .noError, isAuthoritative: Bool = false, isTruncated: Bool = false,
        offersRecursion: Bool = true, isAuthenticated: Bool = false, answers: [DNSRecord] = [],
        authorities: [DNSRecord] = [], additionals: [DNSRecord] = []
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
        self.additionals = isTruncated ? [] : additionals
        hasCheckingDisabled = query.disablesChecking
        payloadOctets = query.payloadOctets.map { _ in DNSQuery.defaultPayloadOctets }
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
        hasCheckingDisabled = header.has(MessageFormat.checkingDisabled)
        let sections: [DNSMessagePart: RecordReader.Section]
        do throws(DNSMessageFailure) {
            sections = try Self.sections(header.counts, from: &reader)
        } catch {
            // What is left of a truncated one may end in the middle of a record.
            guard header.has(MessageFormat.truncated) else { throw error }
            sections = [:]
        }
        let isComplete = !isTruncated
        answers = isComplete ? sections[.answer]?.records ?? [] : []
        // What a truncated one still holds is not to be used (RFC 2181 §9).
        authorities = isComplete ? sections[.authority]?.records ?? [] : []
        let additionals = isComplete ? sections[.additional]?.records ?? [] : []
        self.additionals = Array(additionals.prefix(MessageFormat.maximumAdditionals))

        let extended = sections[.additional]?.extended
        code = ResponseCode(
            rawValue: UInt16(extended?.upperCodeBits ?? 0) << 4 | header.flags & MessageFormat.codeMask)
        payloadOctets = extended?.payloadOctets
        cookie = extended?.value(of: .cookie).flatMap(DNSCookie.init(octets:))
        isPadded = extended?.value(of: .padding) != nil
        extendedErrors = Array(
            (extended?.options.lazy.compactMap(ExtendedError.init) ?? []).prefix(ExtendedError.maximumCount))
    }

    private static func sections(
        _ counts: [(part: DNSMessagePart, count: Int)], from reader: inout MessageReader
    ) throws(DNSMessageFailure) -> [DNSMessagePart: RecordReader.Section] {
        var sections: [DNSMessagePart: RecordReader.Section] = [:]
        for (part, count) in counts {
            sections[part] = try RecordReader.section(part, count: count, from: &reader)
        }
        guard reader.remaining == 0 else { throw .trailingOctets(count: reader.remaining) }
        return sections
    }

    /// The octets to send, with EDNS if the query had it.
    ///
    /// - Throws: ``DNSMessageFailure/notEncodable``.
    public func encode() throws(DNSMessageFailure) -> [UInt8] { try encode(payloadOctets: payloadOctets) }

    /// The octets to send.
    ///
    /// - Parameter payloadOctets: What the EDNS record of the response offers; nil for a response without.
    /// - Throws: ``DNSMessageFailure/notEncodable``.
    public func encode(payloadOctets: UInt16?) throws(DNSMessageFailure) -> [UInt8] {
        let packet = try Packet(identifier: identifier, flags: flags)
        if let question, let askedName { try packet.ask(askedName, question.type) }
        for record in answers { try packet.add(record, to: .answer) }
        for record in authorities { try packet.add(record, to: .authority) }
        for record in additionals { try packet.add(record, to: .additional) }
        guard let payloadOctets else { return try packet.encode() }
        var extended = ExtendedHeader(payloadOctets: payloadOctets)
        extended.upperCodeBits = UInt8(truncatingIfNeeded: code.rawValue >> 4)
        extended.options = [cookie?.option].compactMap { $0 } + extendedErrors.map(\.option)
        return try packet.encode(with: extended, paddedTo: isPadded ? MessageFormat.responseBlockOctets : nil)
    }

    private var flags: UInt16 {
        var flags = MessageFormat.response | MessageFormat.recursionDesired
        if isAuthoritative { flags |= MessageFormat.authoritative }
        if isTruncated { flags |= MessageFormat.truncated }
        if offersRecursion { flags |= MessageFormat.recursionAvailable }
        if isAuthenticated { flags |= MessageFormat.authenticated }
        if hasCheckingDisabled { flags |= MessageFormat.checkingDisabled }
        return flags | code.rawValue & MessageFormat.codeMask
    }
}
