internal import DNSMessages

extension EmbeddedNameServer.Treatment {
    /// The octets to send back: as they should be, or wrong in the way that was asked for; nil for silence.
    func octets(over transport: LoggedQuery.Transport) -> [UInt8]? {
        switch fault {
        case nil, .wrongSource: return encoded(response, transport)
        case .truncate:
            return encoded(transport == .udp ? DNSResponse(to: query, isTruncated: true) : response, transport)
        case .serverFailure: return encoded(DNSResponse(to: query, code: .serverFailure), transport)
        case .emptyAnswer: return encoded(DNSResponse(to: query), transport)
        case .drop, .disconnect: return nil
        case .garbage: return [UInt8](repeating: 0xA5, count: 64)
        case .wrongIdentifier:
            var octets = encoded(response, transport)
            octets?[0] ^= 0xFF
            return octets
        case .wrongName:
            guard let name = try? query.question.name.prefixed(by: "other") else { return nil }
            let other = DNSQuery(
                identifier: query.identifier, question: DNSQuestion(name, query.question.type))
            return encoded(DNSResponse(to: other, answers: response.answers), transport)
        case .stripSignatures: return encoded(changed { $0.type != .rrsig }, transport)
        case .stripDenial:
            let denials: Set<RecordType> = [.nsec, .nsec3]
            return encoded(changed { !denials.contains($0.coveredType ?? $0.type) }, transport)
        case .claimAuthenticated: return encoded(changed(isAuthenticated: true) { _ in true }, transport)
        case .forge, .forgeUnderSignature: return encoded(claimed, transport)
        }
    }

    /// What the server says for the asker to believe: the zones' answer, or a forged one.
    var claimed: DNSResponse {
        switch fault {
        case .forge(let records): return DNSResponse(to: query, isAuthoritative: true, answers: records)
        case .forgeUnderSignature(let records):
            let signatures = response.answers.filter { $0.type == .rrsig }
            return DNSResponse(to: query, isAuthoritative: true, answers: records + signatures)
        default: return response
        }
    }

    /// What a datagram carries without EDNS (RFC 1035 §2.3.4).
    private static let plainPayloadOctets: UInt16 = 512

    private func encoded(_ response: DNSResponse, _ transport: LoggedQuery.Transport) -> [UInt8]? {
        let offered = query.payloadOctets.map { _ in DNSQuery.defaultPayloadOctets }
        let octets = try? response.encode(payloadOctets: offered)
        let room = max(query.payloadOctets ?? 0, Self.plainPayloadOctets)
        guard transport == .udp, let octets, octets.count > Int(room) else { return octets }
        return try? DNSResponse(to: query, isTruncated: true).encode(payloadOctets: offered)
    }

    private func changed(isAuthenticated: Bool = false, keeping isKept: (DNSRecord) -> Bool) -> DNSResponse {
        DNSResponse(
            to: query, code: response.code, isAuthoritative: response.isAuthoritative,
            isAuthenticated: isAuthenticated, answers: response.answers.filter(isKept),
            authorities: response.authorities.filter(isKept))
    }
}
