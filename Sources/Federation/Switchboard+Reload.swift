internal import DomainAssociation
internal import StreamProtocol
internal import XMPPModel

/// What a reload ends.
extension Switchboard {
    /// Ends what may go on no more under the present deployment: a stream where nothing is left of it, single pairs where others
    /// share their stream.
    ///
    /// - Returns: The streams that end.
    func endUnwantedPairs(before former: Deployment) -> [StreamID] {
        var judged: [DomainName: Bool] = [:]
        func isJudgedAsBefore(_ remote: DomainName) -> Bool {
            if let known = judged[remote] { return known }
            let isSame = deployment.isAllowed(remote) && deployment.hasSamePolicy(for: remote, as: former)
            judged[remote] = isSame
            return isSame
        }
        var closed: [StreamID] = []
        for stream in streams.values {
            let associations = stream.side.associations
            let gone = associations.filter { deployment.hosts[$0.localDomain] == nil }
            let changed = associations.filter {
                deployment.hosts[$0.localDomain] != nil && !isJudgedAsBefore($0.remoteDomain)
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
