internal import DNSMessages

/// A CNAME that a server made from a DNAME: it has no signature of its own (RFC 6672 §5.3.1).
enum SynthesizedAlias {
    /// The DNAME record from which exactly this alias follows; nil when there is none.
    static func source(of alias: [DNSRecord], in answers: MessageSection) -> DNSRecord? {
        guard alias.count == 1, let record = alias.first, case .cname(let target) = record.data else { return nil }
        var candidate = record.owner.parent
        while let above = candidate {
            let redirections = answers.records(above, .dname)
            if redirections.count == 1, let redirection = redirections.first,
                synthesized(record.owner, by: redirection) == target
            {
                return redirection
            }
            candidate = above.parent
        }
        return nil
    }

    /// The name with the DNAME's owner replaced by its target (RFC 6672 §2.2).
    private static func synthesized(_ name: DNSName, by redirection: DNSRecord) -> DNSName? {
        guard case .other(let octets) = redirection.data, let target = try? DNSName(wire: octets) else { return nil }
        let kept = name.wire.dropLast(redirection.owner.wire.count)
        return try? DNSName(wire: kept + target.wire)
    }
}
