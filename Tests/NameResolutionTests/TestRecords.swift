import DNSMessages
import NameResolution

/// Short forms of records, so that a test reads like a zone.
enum TestRecords {
    static func name(_ text: String) throws -> DNSName { try DNSName(text) }

    static func question(_ text: String, _ type: RecordType) throws -> DNSQuestion {
        DNSQuestion(try DNSName(text), type)
    }

    static func address(_ owner: String, _ text: String, ttl: UInt32 = 300) throws -> DNSRecord {
        guard let address = IPAddress(text) else { throw DNSNameError.malformed }
        return try record(owner, address.family == .v4 ? .a(address) : .aaaa(address), ttl)
    }

    static func alias(_ owner: String, _ target: String, ttl: UInt32 = 300) throws -> DNSRecord {
        try record(owner, .cname(name(target)), ttl)
    }

    static func start(_ owner: String, ttl: UInt32 = 300, minimum: UInt32 = 300) throws -> DNSRecord {
        let start = StartOfAuthority(
            primaryServer: try name("ns.example"), responsibleMailbox: try name("admin.example"), minimum: minimum)
        return try record(owner, .soa(start), ttl)
    }

    static func service(
        _ owner: String, _ priority: UInt16, _ weight: UInt16, _ port: UInt16, _ target: String
    ) throws -> DNSRecord {
        try record(owner, .srv(priority: priority, weight: weight, port: port, target: name(target)), 300)
    }

    static func record(_ owner: String, _ data: RecordData, _ ttl: UInt32 = 300) throws -> DNSRecord {
        guard let record = DNSRecord(owner: try name(owner), timeToLive: ttl, data: data) else {
            throw DNSNameError.malformed
        }
        return record
    }

    /// Servers in clear, on other hosts, that are asked for everything; nobody validates.
    static func plan(servers: Int, validation: ResolutionZone.Validation = .off) -> ResolutionPlan {
        plan(
            (0..<servers).map { UpstreamServer(name: "server \($0)", channel: .cleartext, isLoopback: false) },
            validation: validation)
    }

    static func plan(
        _ servers: [UpstreamServer], validation: ResolutionZone.Validation = .off,
        anchors: TrustAnchorSet = TrustAnchorSet()
    ) -> ResolutionPlan {
        ResolutionPlan(
            servers: servers,
            zones: [ResolutionZone(name: .root, servers: Array(servers.indices), validation: validation)],
            anchors: anchors)
    }

    static func response(
        to question: DNSQuestion, _ code: ResponseCode = .noError, isTruncated: Bool = false,
        isAuthenticated: Bool = false, answers: [DNSRecord] = [], authorities: [DNSRecord] = []
    ) -> DNSResponse {
        DNSResponse(
            to: DNSQuery(identifier: 1, question: question), code: code, isTruncated: isTruncated,
            isAuthenticated: isAuthenticated, answers: answers, authorities: authorities)
    }
}
