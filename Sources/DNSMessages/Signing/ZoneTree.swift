/// The sets of records of a zone by name, with what lies below a delegation told apart.
struct ZoneTree {
    let zone: DNSName
    private var nodes: [DNSName: [RecordType: [DNSRecord]]] = [:]
    private var cuts: Set<DNSName> = []
    private var redirections: Set<DNSName> = []

    init(zone: DNSName) {
        self.zone = zone
    }

    /// Adds a record, unless it is there already.
    mutating func insert(_ record: DNSRecord) {
        let set = nodes[record.owner]?[record.type] ?? []
        guard !set.contains(where: { $0.data == record.data }) else { return }
        // One set has one time to live (RFC 2181 §5.2): that of its first record.
        let timeToLive = set.first?.timeToLive ?? record.timeToLive
        nodes[record.owner, default: [:]][record.type] =
            set + [
                DNSRecord(owner: record.owner, type: record.type, timeToLive: timeToLive, data: record.data)
            ]
        if record.type == .ns, record.owner != zone { cuts.insert(record.owner) }
        if record.type == .dname { redirections.insert(record.owner) }
    }

    /// Every name with records, in canonical order.
    var names: [DNSName] { nodes.keys.sorted() }

    /// The sets at a name, in the order of their types.
    func sets(at name: DNSName) -> [(type: RecordType, records: [DNSRecord])] {
        (nodes[name] ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }

    /// Whether a name is where another zone begins.
    func isCut(_ name: DNSName) -> Bool { cuts.contains(name) }

    /// Whether a name is where another zone begins that is not signed.
    func isUnsignedCut(_ name: DNSName) -> Bool { isCut(name) && nodes[name]?[.ds] == nil }

    /// Whether a name belongs to this zone: it lies neither below a delegation nor below a redirection.
    func isAuthoritative(_ name: DNSName) -> Bool {
        var descendant = name
        while descendant != zone, let ancestor = descendant.parent {
            if cuts.contains(ancestor) || redirections.contains(ancestor) { return false }
            descendant = ancestor
        }
        return true
    }

    /// Whether a set is signed: not glue, and at a delegation only what the parent speaks for (RFC 4035 §2.2).
    func isSigned(_ type: RecordType, at name: DNSName) -> Bool {
        isAuthoritative(name) && (!isCut(name) || type == .ds || type == .nsec)
    }

    /// The types that the zone has at a name: at a delegation only its own (RFC 4035 §2.3).
    func types(at name: DNSName) -> Set<RecordType> {
        let all = Set((nodes[name] ?? [:]).keys)
        return isCut(name) ? all.intersection([.ns, .ds]) : all
    }
}
