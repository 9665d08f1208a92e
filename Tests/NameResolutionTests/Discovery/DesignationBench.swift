import DNSMessages
import NameResolution
import Testing

/// Short forms for tests of designations.
enum DesignationBench {
    static func discovery(
        _ address: String = "192.0.2.53", profile: UpstreamServer.Profile = .strict
    ) throws -> DesignationDiscovery {
        DesignationDiscovery(of: .address(try #require(IPAddress(address))), profile: profile, seed: 1)
    }

    static func binding(_ parameters: [ServiceParameter]) throws -> DNSRecord {
        try binding(1, "dot.example.net", parameters)
    }

    static func binding(
        _ priority: UInt16, _ target: String, _ parameters: [ServiceParameter],
        owner: String = "_dns.resolver.arpa", ttl: UInt32 = 7200
    ) throws -> DNSRecord {
        let binding = try #require(
            ServiceBinding(priority: priority, target: try DNSName(target), parameters: parameters))
        return binding.record(owner: try DNSName(owner), timeToLive: ttl)
    }

    static func hint(_ text: String) -> ServiceParameter {
        ServiceParameter.addressHints(.v4, [IPAddress(text)].compactMap { $0 })
    }

    static let dot = ServiceParameter.applicationProtocols(["dot"])

    /// Starts, and gives records as the answer to the question asked.
    static func begin(
        _ discovery: inout DesignationDiscovery, _ records: [DNSRecord]
    ) throws -> [DesignationDiscovery.Action] {
        let question = try #require(discovery.designator.question)
        #expect(
            discovery.handle(.started) == [.setTimer(.patience, after: DesignationDiscovery.patience), .ask(question)])
        let response = TestRecords.response(to: question, answers: records)
        return discovery.handle(.answered(question, .success(response)))
    }

    static func candidates(_ actions: [DesignationDiscovery.Action]) -> [DesignatedEndpoint] {
        actions.compactMap { action in
            if case .verify(let endpoint, _) = action { endpoint } else { nil }
        }
    }

    static func conclusion(
        _ actions: [DesignationDiscovery.Action]
    ) -> (used: [DesignatedResolver], refused: [DesignationRefusal])? {
        for case .conclude(let used, let refused) in actions { return (used, refused) }
        return nil
    }

    static func refresh(_ actions: [DesignationDiscovery.Action]) -> Duration? {
        for case .setTimer(.refresh, let delay) in actions { return delay }
        return nil
    }
}
