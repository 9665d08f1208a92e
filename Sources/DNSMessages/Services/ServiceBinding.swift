/// How and where a service is reached: the data of an SVCB or HTTPS record (RFC 9460).
public struct ServiceBinding: Hashable, Sendable {
    /// Smaller is better; zero makes the record an alias.
    public let priority: UInt16
    /// The name of the alternative endpoint, or of what this is an alias of; the root has a meaning of its own in both
    /// cases (RFC 9460 §2.5).
    public let target: DNSName
    /// The parameters in the order of their keys, each key once.
    public let parameters: [ServiceParameter]

    /// Reads an SVCB or HTTPS record.
    ///
    /// - Returns: nil when the record has another type or is malformed; the whole set is void then, see
    ///   ``usable(in:recognizing:)``.
    public init?(_ record: DNSRecord) {
        guard record.type == .svcb || record.type == .https else { return nil }
        self.init(octets: record.data.octets)
    }

    /// Reads the data of a record (RFC 9460 §2.2).
    init?(octets: [UInt8]) {
        guard octets.count >= 3, let (target, end) = DNSName.uncompressed(in: octets, at: 2),
            let parameters = ServiceParameter.read(octets[end...])
        else { return nil }
        (priority, self.target, self.parameters) = (octets.bigEndian(at: 0), target, parameters)
        guard isConsistent else { return nil }
    }

    /// Makes a binding from its fields.
    ///
    /// - Returns: nil when a key is there twice, a value lacks the form of its key, or the parameters contradict each
    ///   other.
    public init?(priority: UInt16, target: DNSName, parameters: [ServiceParameter] = []) {
        self.priority = priority
        self.target = target
        self.parameters = parameters.sorted { $0.key < $1.key }
        guard zip(self.parameters, self.parameters.dropFirst()).allSatisfy({ $0.key < $1.key }),
            self.parameters.allSatisfy(\.isWellFormed), isConsistent
        else { return nil }
    }

    /// The record, SVCB or HTTPS.
    public func record(owner: DNSName, type: RecordType = .svcb, timeToLive: UInt32) -> DNSRecord {
        DNSRecord(owner: owner, type: type, timeToLive: timeToLive, octets: octets)
    }

    /// The data of the record.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.appendBigEndian(priority)
        return octets + target.wire + parameters.flatMap(\.octets)
    }

    /// Whether the record only refers to another name (RFC 9460 §2.4.2); its parameters do not count then.
    public var isAlias: Bool { priority == 0 }

    /// The value of a parameter, nil when it is not there.
    public func value(of key: ServiceParameter.Key) -> [UInt8]? { parameters.first { $0.key == key }?.value }

    /// The keys that a client has to know to use the record at all (RFC 9460 §8).
    public var mandatoryKeys: [ServiceParameter.Key] {
        ServiceParameter.numbers(value(of: .mandatory) ?? []).map(ServiceParameter.Key.init(rawValue:))
    }

    /// The identifiers of application protocols, `dot` and `h2` for instance (RFC 9460 §7.1).
    public var applicationProtocols: [String] {
        ServiceParameter.texts(value(of: .applicationProtocols) ?? [])?.map { String(decoding: $0, as: UTF8.self) }
            ?? []
    }

    /// Whether the protocol that the scheme implies is not offered (RFC 9460 §7.1).
    public var hasNoDefaultProtocol: Bool { value(of: .noDefaultProtocol) != nil }

    /// The port of the endpoint, nil for the default of the protocol (RFC 9460 §7.2).
    public var port: UInt16? { value(of: .port)?.bigEndian(at: 0) }

    /// IPv4 addresses that the target probably has (RFC 9460 §7.3).
    public var addressHints4: [IPAddress] { addresses(.addressHints4, octets: 4) }

    /// IPv6 addresses that the target probably has (RFC 9460 §7.3).
    public var addressHints6: [IPAddress] { addresses(.addressHints6, octets: 16) }

    /// The URI template of DNS over HTTPS, relative to the server (RFC 9461 §5).
    ///
    /// - Returns: nil when there is none, and when it does not begin with a slash or lacks the variable `dns`.
    public var httpsPath: String? {
        guard let path = value(of: .httpsPath).map({ String(decoding: $0, as: UTF8.self) }), path.hasPrefix("/"),
            Self.variables(of: path).contains("dns")
        else { return nil }
        return path
    }

    private func addresses(_ key: ServiceParameter.Key, octets count: Int) -> [IPAddress] {
        let value = value(of: key) ?? []
        return stride(from: 0, to: value.count - count + 1, by: count).compactMap { start in
            IPAddress(octets: value[start..<(start + count)])
        }
    }

    /// The parameters comply with each other's demands (RFC 9460 §2.4.3).
    private var isConsistent: Bool {
        mandatoryKeys.allSatisfy { value(of: $0) != nil }
            && (!hasNoDefaultProtocol || value(of: .applicationProtocols) != nil)
    }

    /// The names of the variables in a URI template (RFC 6570 §2.3).
    private static func variables(of template: String) -> Set<Substring> {
        var variables: Set<Substring> = []
        for part in template.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard let end = part.firstIndex(of: "}") else { return [] }
            let expression = part[..<end]
            let list = expression.first.map { "+#./;?&".contains($0) } ?? false ? expression.dropFirst() : expression
            for variable in list.split(separator: ",") {
                variables.insert(variable.prefix { $0 != ":" && $0 != "*" })
            }
        }
        return variables
    }
}

extension ServiceBinding {
    /// The bindings of a set of records that a client may use, best first.
    ///
    /// One malformed record voids the set (RFC 9460 §2.2); next to an alias only aliases count (§2.4.1), and a record with
    /// a mandatory key that the client does not know is left out (§8). Records of equal priority keep their order here;
    /// the client shuffles them.
    ///
    /// - Parameters:
    ///   - records: All records of one owner and type.
    ///   - keys: What the client knows and honours.
    public static func usable(
        in records: [DNSRecord], recognizing keys: Set<ServiceParameter.Key>
    ) -> [ServiceBinding] {
        let bindings = records.compactMap { ServiceBinding($0) }
        guard bindings.count == records.count else { return [] }
        let aliases = bindings.filter(\.isAlias)
        guard aliases.isEmpty else { return aliases }
        return bindings.filter { keys.isSuperset(of: $0.mandatoryKeys) }
            .enumerated()
            .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
            .map(\.element)
    }
}
