public import DNSMessages

/// The way from a host's addresses to its TLSA records (RFC 7671 §7, RFC 7673 §3.2 and §3.3).
///
/// It asks nothing itself: ``next`` says what to ask, until there is a ``resolution``.
public struct TLSASearch: Hashable, Sendable {
    /// What there is to know, once nothing is left to ask.
    public private(set) var resolution: TLSAResolution?

    private let port: UInt16
    private var bases: [DNSName]

    /// Names asked for one endpoint at most: the host at the end of the aliases, and the host as named.
    public static let maximumQuestions = 2

    /// Begins with what the lookups of both families said.
    ///
    /// Without a secure address answer nothing is asked (DA-04); where it failed to validate nothing is known (DA-05).
    ///
    /// - Parameters:
    ///   - host: The host as the service record names it.
    ///   - port: The port that the service record gives.
    ///   - addresses: What was found for each family.
    public init(host: DNSName, port: UInt16, addresses: [AddressResolution]) {
        self.port = port
        let secure = addresses.filter { $0.failure == nil && $0.security == .secure }
        // Both families lead to the same host, or the aliases changed in between: then the name given will do.
        let expanded = Set(secure.compactMap(\.canonicalName))
        let candidates = (expanded.count == 1 ? expanded.filter { $0 != host } : []) + [host]
        // A name too long to ask for has no records.
        bases = candidates.filter { (try? Self.owner(host: $0, port: port)) != nil }
        let failures = addresses.compactMap(\.failure)
        if let failure = failures.first(where: \.isOfValidation) ?? (secure.isEmpty ? failures.first : nil) {
            resolution = TLSAResolution(base: host, records: [], security: .indeterminate, failure: failure)
        } else if secure.isEmpty || bases.isEmpty {
            resolution = TLSAResolution(base: host, records: [], security: .insecure, failure: nil)
        }
    }

    /// The question to ask now; nil once there is a ``resolution``.
    public var next: DNSQuestion? {
        guard resolution == nil, let base = bases.first, let owner = try? Self.owner(host: base, port: port) else {
            return nil
        }
        return DNSQuestion(owner, .tlsa)
    }

    /// Takes note of the answer to ``next``.
    public mutating func note(_ answer: Answer) {
        guard let base = bases.first, resolution == nil, answer.question == next else { return }
        let found = TLSAResolution(base: base, from: answer)
        // What was withheld must not lead to another name (RFC 7673 §3.4); what is not signed may.
        guard found.failure == nil, found.records.isEmpty, bases.count > 1 else {
            resolution = found
            return
        }
        bases.removeFirst()
    }

    /// Where a service's TLSA records are: `_PORT._tcp.HOST` (RFC 6698 §3).
    ///
    /// - Throws: ``DNSNameError`` when the name with these labels is longer than DNS carries.
    public static func owner(host: DNSName, port: UInt16) throws(DNSNameError) -> DNSName {
        try host.prefixed(by: "_tcp").prefixed(by: "_\(port)")
    }
}
