internal import DNSMessages

/// A way of reaching a designated resolver that one record names, its addresses left open (RFC 9461 §4, §5).
struct DesignationOffer: Hashable, Sendable {
    let channel: UpstreamServer.Channel
    let target: DNSName
    let port: UInt16
    let path: String?
    let hints: [IPAddress]

    private static let defaultTLSPort: UInt16 = 853
    private static let defaultHTTPSPort: UInt16 = 443
    /// The parameters that are understood here; `ech` is not among them.
    private static let knownKeys: Set<ServiceParameter.Key> = [
        .mandatory, .applicationProtocols, .noDefaultProtocol, .port, .addressHints4, .addressHints6, .httpsPath,
    ]

    /// The offers of a record in service mode, in its own order, or why there is none.
    ///
    /// - Parameter owner: The owner of the record; what `.` stands for where it may stand.
    static func offers(
        in record: ServiceBinding, of owner: DNSName, by designator: DesignatingResolver
    ) -> Result<[DesignationOffer], DesignationRefusal.Thrown> {
        do throws(DesignationRefusal.Thrown) {
            return .success(try read(record, owner: owner, designator: designator))
        } catch {
            return .failure(error)
        }
    }

    private static func read(
        _ record: ServiceBinding, owner: DNSName, designator: DesignatingResolver
    ) throws(DesignationRefusal.Thrown) -> [DesignationOffer] {
        let target = try target(of: record, owner: owner, designator: designator)
        if let unknown = record.mandatoryKeys.first(where: { !knownKeys.contains($0) }) {
            throw .init(.unknownParameter(unknown.rawValue, target: target))
        }
        let protocols = record.applicationProtocols
        let template = record.value(of: .httpsPath).flatMap { String(validating: $0, as: UTF8.self) }
        if protocols.contains(where: isHTTP), template == nil { throw .init(.path(target: target)) }
        let hints = record.addressHints6 + record.addressHints4
        var offers: [DesignationOffer] = []
        for name in protocols {
            switch name {
            case "dot":
                offers.append(
                    DesignationOffer(
                        channel: .tls, target: target, port: record.port ?? defaultTLSPort, path: nil,
                        hints: hints))
            case "h2":
                guard let path = template.flatMap(DesignationPath.forPost) else {
                    throw .init(.path(target: target))
                }
                offers.append(
                    DesignationOffer(
                        channel: .https, target: target, port: record.port ?? defaultHTTPSPort, path: path,
                        hints: hints))
            default:
                continue
            }
        }
        guard !offers.isEmpty else { throw .init(.noProtocol(target: target)) }
        if let port = record.port, !RiskyPorts.allows(port) { throw .init(.port(port, target: target)) }
        return offers
    }

    private static func target(
        of record: ServiceBinding, owner: DNSName, designator: DesignatingResolver
    ) throws(DesignationRefusal.Thrown) -> DNSName {
        switch designator {
        case .address:
            // Nobody could tell whose addresses these would be (RFC 9462 §4).
            guard !record.target.isRoot else { throw .init(.target(record.target)) }
        case .name:
            break
        }
        let target = record.target.isRoot ? owner : record.target
        // Its addresses may not be asked for, whoever designates it.
        guard !target.isAtOrBelow(DesignatingResolver.specialUse) else { throw .init(.target(target)) }
        return target
    }

    private static func isHTTP(_ name: String) -> Bool { name == "h2" || name == "h3" || name.hasPrefix("http/") }
}

extension DesignationRefusal {
    /// A refusal on its way to whoever collects them.
    struct Thrown: Error, Hashable {
        let refusal: DesignationRefusal

        init(_ refusal: DesignationRefusal) { self.refusal = refusal }
    }
}
