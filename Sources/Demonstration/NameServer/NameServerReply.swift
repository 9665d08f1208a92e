internal import DNSMessages

extension EmbeddedNameServer.Treatment {
    /// The octets to send back: as they should be, or wrong in the way that was asked for; nil for silence.
    func octets(overTCP isOverTCP: Bool) -> [UInt8]? {
        switch fault {
        case nil, .wrongSource: return encoded(response, isOverTCP)
        case .truncate: return encoded(isOverTCP ? response : DNSResponse(to: query, isTruncated: true), isOverTCP)
        case .serverFailure: return encoded(DNSResponse(to: query, code: .serverFailure), isOverTCP)
        case .emptyAnswer: return encoded(DNSResponse(to: query), isOverTCP)
        case .drop: return nil
        case .garbage: return [UInt8](repeating: 0xA5, count: 64)
        case .wrongIdentifier:
            var octets = encoded(response, isOverTCP)
            octets?[0] ^= 0xFF
            return octets
        case .wrongName:
            guard let name = try? query.question.name.prefixed(by: "other") else { return nil }
            let other = DNSQuery(
                identifier: query.identifier, question: DNSQuestion(name, query.question.type))
            return encoded(DNSResponse(to: other, answers: response.answers), isOverTCP)
        }
    }

    /// What a datagram carries without EDNS (RFC 1035 §2.3.4).
    private static let plainPayloadOctets: UInt16 = 512

    private func encoded(_ response: DNSResponse, _ isOverTCP: Bool) -> [UInt8]? {
        let offered = query.payloadOctets.map { _ in DNSQuery.defaultPayloadOctets }
        let octets = try? response.encode(payloadOctets: offered)
        let room = max(query.payloadOctets ?? 0, Self.plainPayloadOctets)
        guard !isOverTCP, let octets, octets.count > Int(room) else { return octets }
        return try? DNSResponse(to: query, isTruncated: true).encode(payloadOctets: offered)
    }
}
