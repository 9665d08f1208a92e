internal import DNSMessages
internal import FoundationEssentials

/// The additional information of a provisioning domain, read and checked (RFC 8801 §4.3).
struct ProvisioningDocument: Hashable, Sendable {
    /// Seconds since 1970 until which it counts.
    let expiration: Int64
    /// The prefixes of the networks that it is for.
    let prefixes: [NetworkPrefix]
    /// The names that the network's resolver is to be asked for, as they were written; those that are none left out.
    let zones: [DNSName]

    /// Octets of a document at most.
    static let maximumOctets = 65536
    /// Prefixes and zones that are looked at.
    private static let most = (prefixes: 256, zones: 256)

    /// The keys; all others are ignored.
    private struct Fields: Decodable {
        let identifier: String
        let expires: String
        let prefixes: [String]
        let dnsZones: [String]?
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - octets: The body of the response.
    ///   - identifier: The domain that it has to be about.
    ///   - wallClock: Seconds since 1970.
    init(_ octets: [UInt8], about identifier: DNSName, at wallClock: Int64) throws(ProvisioningFailure) {
        guard octets.count <= Self.maximumOctets else { throw .documentTooLarge }
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(octets)) else { throw .notADocument }
        guard let name = try? DNSName(fields.identifier), name == identifier else {
            throw .otherIdentifier(Self.excerpt(fields.identifier))
        }
        guard let expiration = InternetTime.seconds(fields.expires) else {
            throw .badExpiration(Self.excerpt(fields.expires))
        }
        guard expiration > wallClock else { throw .expired(Self.excerpt(fields.expires)) }
        guard fields.prefixes.count <= Self.most.prefixes else { throw .documentTooLarge }
        var prefixes: [NetworkPrefix] = []
        for text in fields.prefixes {
            guard let prefix = NetworkPrefix(text) else { throw .badPrefix(Self.excerpt(text)) }
            prefixes.append(prefix)
        }
        self.expiration = expiration
        self.prefixes = prefixes
        zones = (fields.dnsZones ?? []).prefix(Self.most.zones).compactMap { try? DNSName($0) }
    }

    /// Enough of a text that others wrote to find it again.
    private static func excerpt(_ text: String) -> String { String(text.prefix(80)) }

    /// Whether it is for a network with these prefixes: none of them may lie outside (RFC 8801 §4.1). Only IPv6 is
    /// announced with prefixes, so that others do not count.
    func covers(_ network: [NetworkPrefix]) -> Bool {
        network.filter { $0.address.family == .v6 }.allSatisfy { announced in
            prefixes.contains { $0.covers(announced) }
        }
    }
}
