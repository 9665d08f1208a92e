internal import DNSMessages

/// From offers to what may be used, and for how long.
extension DesignationDiscovery {
    static let longestLife = Duration.seconds(86400)
    private static let shortestLife = Duration.seconds(60)
    /// A resolver that says nothing may be starting; whoever keeps its answer from us may tire.
    static let retryAfterSilence = Duration.seconds(300)
    private static let longestRetry = Duration.seconds(3600)

    /// How long the present answer holds: the time during which nothing is asked again, after a failure too (DD-02).
    var life: Duration {
        min(max(.seconds(Int64(timeToLive)), Self.shortestLife), Self.longestLife)
    }

    /// When to look again after "there are none": an attacker could have said so.
    static func retry(afterDenial response: DNSResponse) -> Duration {
        let negative = response.authorities.compactMap { record -> UInt32? in
            guard case .soa(let start) = record.data else { return nil }
            return min(record.timeToLive, start.minimum)
        }
        let seconds = negative.min().map { Duration.seconds(Int64($0)) } ?? longestRetry
        return min(max(seconds, shortestLife), longestRetry)
    }

    mutating func verifyOffers(_ offers: [DesignationOffer], addresses: [DNSName: [IPAddress]]) -> [Action] {
        var endpoints: [DesignatedEndpoint] = []
        for offer in offers {
            let found = offer.hints.isEmpty ? addresses[offer.target] ?? [] : offer.hints
            if found.isEmpty { refusals.append(.noAddress(target: offer.target)) }
            for address in AddressSelection.order(found).prefix(Self.most.addresses) {
                guard designator.mayDesignate(address) else {
                    refusals.append(.address(address, target: offer.target))
                    continue
                }
                let endpoint = DesignatedEndpoint(
                    designator: designator, channel: offer.channel, target: offer.target, address: address,
                    port: offer.port, path: offer.path)
                if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
            }
        }
        if endpoints.count > Self.most.endpoints { refusals.append(.tooMany) }
        guard !endpoints.isEmpty else { return giveUp(nil, retry: life) }
        return verify(Array(endpoints.prefix(Self.most.endpoints)), isRenewal: false)
    }

    private mutating func verify(_ endpoints: [DesignatedEndpoint], isRenewal: Bool) -> [Action] {
        stage = .verifying(endpoints, outcomes: [:], isRenewal: isRenewal)
        return [.setTimer(.patience, after: Self.patience)]
            + endpoints.map { .verify($0, allowsUnauthenticated: allowsUnauthenticated($0)) }
    }

    /// DD-03: the operator contents himself with encryption, and nobody else could be meant.
    private func allowsUnauthenticated(_ endpoint: DesignatedEndpoint) -> Bool {
        profile == .opportunistic && endpoint.isWhereItsDesignatorIs
    }

    mutating func judge(
        _ endpoints: [DesignatedEndpoint], _ outcomes: [DesignatedEndpoint: Verification], isRenewal: Bool
    ) -> [Action] {
        var found: [DesignatedResolver] = []
        for endpoint in endpoints {
            switch outcomes[endpoint] {
            case .authenticated:
                found.append(DesignatedResolver(endpoint, proof: .verified))
            case .notAuthenticated(_, answers: true) where allowsUnauthenticated(endpoint):
                found.append(DesignatedResolver(endpoint, proof: .opportunistic))
            case .notAuthenticated(let reason, _):
                refusals.append(.notVerified(endpoint, reason))
            case .unreachable(let reason):
                refusals.append(.unreachable(endpoint, reason))
            case nil:
                refusals.append(.unreachable(endpoint, "no answer in time"))
            }
        }
        // Where some prove who they are, encryption alone will not do.
        if found.contains(where: { $0.proof == .verified }) { found.removeAll { $0.proof == .opportunistic } }
        if found.isEmpty, !isRenewal { return giveUp(nil, retry: life) }
        return settle(on: found, again: isRenewal ? Self.retryAfterSilence : life)
    }

    /// Nothing was found. What was verified before is not given up for that: whoever can suppress an answer could lead
    /// us back into the clear (RFC 9461 §7.1). Under the strict profile it stays; else as long as it proves itself.
    mutating func giveUp(_ refusal: DesignationRefusal?, retry: Duration) -> [Action] {
        if let refusal { refusals.append(refusal) }
        let verified = designated.filter { $0.proof == .verified }
        if verified.isEmpty { return settle(on: [], again: retry) }
        switch profile {
        case .strict: return settle(on: verified, again: min(retry, Self.retryAfterSilence))
        case .opportunistic: return verify(verified.map(\.endpoint), isRenewal: true)
        }
    }

    private mutating func settle(on found: [DesignatedResolver], again: Duration) -> [Action] {
        stage = .settled
        designated = found
        return [.conclude(found, refusals: refusals), .setTimer(.refresh, after: again)]
    }
}
