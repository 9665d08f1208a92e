internal import Configuration
internal import DomainAssociation
internal import EventLoops
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// Another deployment.
extension Switchboard {
    /// Takes a new deployment: what begins from now on goes by it, and backends of domains that are gone or have another
    /// secret are closed. Returns their names.
    func adopt(_ deployment: Deployment, after change: DeploymentChange) -> [StreamID] {
        self.deployment = deployment
        present.value = deployment
        keyQuestions.forgetFailures()
        builtin = [:]
        shares.sharing.reconfigure { deployment.isPiggybacking(with: $0) }
        let actions = router.reconfigure(
            limits: shared.limits(of: deployment), timeouts: shared.timeouts(of: deployment),
            hostedDomains: deployment.hostedDomains, isAllowed: { deployment.isAllowed($0) }, at: now)
        for action in actions { perform(action) }
        var closed: [StreamID] = []
        for backend in backends.values {
            backend.deployment = deployment
            guard let domain = backend.servedDomain, change.replacedServices.contains(domain) else { continue }
            closed.append(backend.id)
            let isGone = change.removed.contains(domain)
            backend.close(StreamError(isGone ? .hostGone : .reset, "the configuration has changed"))
        }
        return closed
    }

    /// Ends what may go on no more under the present deployment: a stream where nothing is left of it, single pairs where others
    /// share their stream.
    ///
    /// - Parameter streams: Where to look.
    /// - Returns: The streams that end.
    func endUnwantedPairs(
        of streams: [StreamID], after change: DeploymentChange, before former: Deployment
    ) -> [StreamID] {
        var judged: [DomainName: Bool] = [:]
        func isJudgedAsBefore(_ remote: DomainName) -> Bool {
            if change.hasSamePolicies { return true }
            if let known = judged[remote] { return known }
            let isSame = deployment.isAllowed(remote) && deployment.hasSamePolicy(for: remote, as: former)
            judged[remote] = isSame
            return isSame
        }
        var closed: [StreamID] = []
        for stream in streams.compactMap({ self.streams[$0] }) {
            // The former one would stay in memory with all that it hosts. Proofs remember themselves what they are made under.
            stream.deployment = deployment
            let associations = stream.side.associations
            guard !change.leavesStreams || associations.contains(where: { change.added.contains($0.remoteDomain) })
            else { continue }
            let gone = associations.filter { change.removed.contains($0.localDomain) }
            // For a domain that is served here from now on nobody else speaks any more (RT-10).
            let changed = associations.filter {
                !change.removed.contains($0.localDomain)
                    && (change.added.contains($0.remoteDomain) || !isJudgedAsBefore($0.remoteDomain))
            }
            let isOver: Bool
            if associations.isEmpty {
                // A server is asked about keys only while it would be dialled again.
                guard let pair = stream.dialledPair, stream.side.takesQuestions else { continue }
                isOver = deployment.hosts[pair.sender] == nil || !isJudgedAsBefore(pair.target)
            } else {
                isOver = gone.count + changed.count == associations.count
            }
            if isOver {
                closed.append(stream.id)
                stream.close(StreamError(.reset, "the configuration has changed"))
            } else {
                stream.revoke(gone, for: StreamError(.hostGone, "the domain is no longer served here"))
                stream.revoke(changed, for: StreamError(.reset, "the configuration has changed"))
            }
        }
        return closed
    }
}
