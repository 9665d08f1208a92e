public import XMPPModel

/// Finds the policy of a remote domain: its own, else that of the nearest domain above it with `*.`, else none.
public struct RemotePolicyIndex: Sendable {
    private var ofDomain: [String: RemotePolicy] = [:]
    private var belowDomain: [String: RemotePolicy] = [:]

    /// Indexes policies; of two with one scope the first counts.
    public init(_ policies: [RemotePolicy]) {
        for policy in policies {
            switch policy.scope {
            case .domain(let name):
                if ofDomain[name.description] == nil { ofDomain[name.description] = policy }
            case .subdomains(let name):
                if belowDomain[name.description] == nil { belowDomain[name.description] = policy }
            }
        }
    }

    /// The one policy that applies to `domain`; the most specific, and only that one.
    public func policy(for domain: DomainName) -> RemotePolicy? {
        let name = domain.description
        if let policy = ofDomain[name] { return policy }
        guard !belowDomain.isEmpty else { return nil }
        var rest = name[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            if let policy = belowDomain[String(rest)] { return policy }
        }
        return nil
    }
}
