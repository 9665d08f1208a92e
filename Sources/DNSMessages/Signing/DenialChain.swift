/// Makes the records by which a zone proves that something is not there.
enum DenialChain {
    /// NSEC records: one for each name with records of the zone (RFC 4035 §2.3).
    static func nextSecure(of tree: ZoneTree, timeToLive: UInt32) -> [DNSRecord] {
        let names = tree.names.filter(tree.isAuthoritative)
        return zip(names, names.dropFirst() + names.prefix(1)).map { name, next in
            NextSecure(owner: name, next: next, types: RecordTypeSet(tree.types(at: name).union([.nsec, .rrsig])))
                .record(timeToLive: timeToLive)
        }
    }

    /// NSEC3 records: one for each name, those included that only have names below them (RFC 5155 §7.1).
    ///
    /// - Throws: ``SigningFailure/notHashable(_:)``.
    static func hashed(
        of tree: ZoneTree, parameters: NextSecureHashed.Parameters, optOut: Bool, timeToLive: UInt32
    ) throws(SigningFailure) -> [DNSRecord] {
        var names: Set<DNSName> = []
        for name in tree.names where tree.isAuthoritative(name) {
            if optOut, tree.isUnsignedCut(name) { continue }
            var candidate: DNSName? = name
            while let present = candidate, present.isAtOrBelow(tree.zone), names.insert(present).inserted {
                candidate = present.parent
            }
        }
        var links: [(hash: [UInt8], name: DNSName)] = names.map { (parameters.hash(of: $0), $0) }
        links.sort { $0.hash.lexicographicallyPrecedes($1.hash) }
        var records: [DNSRecord] = []
        for (link, next) in zip(links, links.dropFirst() + links.prefix(1)) {
            guard links.count == 1 || link.hash != next.hash,
                let owner = NextSecureHashed.owner(ofHash: link.hash, in: tree.zone)
            else { throw .notHashable(link.name) }
            records.append(
                NextSecureHashed(
                    owner: owner, parameters: parameters, flags: optOut ? NextSecureHashed.optOutFlag : 0,
                    nextHash: next.hash, types: RecordTypeSet(types(of: tree, at: link.name))
                ).record(timeToLive: timeToLive))
        }
        return records
    }

    private static func types(of tree: ZoneTree, at name: DNSName) -> Set<RecordType> {
        let types = tree.types(at: name)
        // An unsigned delegation and an empty name have no signature; the denial's own is at the hash.
        return types.contains { tree.isSigned($0, at: name) } ? types.union([.rrsig]) : types
    }
}
