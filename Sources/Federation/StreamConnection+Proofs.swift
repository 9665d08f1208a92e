internal import Configuration
internal import DomainAssociation
internal import Routing
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// What proofs rest on while the stream lives.
extension StreamConnection {
    /// The claim that an association rests on: of the peer, or of the server that was asked about its key; nil where no
    /// certificate proved anything.
    func basis(of association: Association) -> DomainClaim? {
        switch association.basis {
        case .peer: claim(association.pair, association.direction == .inbound ? .sender : .target)
        case .authoritativeServer(let claim): claim
        case .nobody: nil
        }
    }

    /// Has it decided whether the peer speaks for its side of a pair.
    func prove(_ pair: DomainPair, _ side: DomainClaim.Side) {
        let claim = claim(pair, side)
        if log.isNameless { log.name(pair, role: self.side.role) }
        let present = switchboard.deployment
        let decides = !mayRestOnEarlierProof(pair)
        if decides { judged[pair] = present }
        let concluded: (ProofConclusion) -> Void = { [weak self, id, shared = switchboard.shared] conclusion in
            shared.observe?(.proofConcluded(id, conclusion))
            // It may be the answer to an earlier request for the pair than the one that waits.
            if decides, self?.judged[pair] != nil { self?.judged[pair] = present }
            // Nobody judges a server again that is asked about a further domain.
            let isOutdated =
                self?.isFurtherServer(pair) == true && self?.isJudgedAsNow(pair.target, under: present) == false
            self?.feed(.proofConcluded(isOutdated ? .refused(claim, []) : conclusion))
            self?.forgetFurtherServer(pair)
        }
        let policy = present.parts.policy(claim.claimedDomain)
        guard side == .target, self.side.isEstablished, !isWayFresh else {
            return switchboard.evidence.decide(claim, under: policy, completion: concluded)
        }
        // The way was looked up when the server was dialled, or never: what is published on it may be different by now.
        guard claim.delegation != nil || hasRoute(to: pair.target) else {
            return concluded(.refused(claim, []))
        }
        switchboard.evidence.decideAnew(claim, under: policy, completion: concluded)
    }

    /// Whether the configuration says where a remote domain is.
    private func hasRoute(to domain: DomainName) -> Bool {
        switchboard.deployment.remotes.policy(for: domain)?.routes.isEmpty == false
    }

    /// What the peer claims with what it presented.
    func claim(_ pair: DomainPair, _ side: DomainClaim.Side) -> DomainClaim {
        DomainClaim(
            pair: pair, side: side, certificates: peerCertificates,
            moment: switchboard.wallClock(), delegation: delegation(of: side == .sender ? pair.sender : pair.target),
            knownKeys: switchboard.shared.knownKeys.keys(of: side == .sender ? pair.sender : pair.target))
    }

    // MARK: - Pairs

    /// The stream carries a pair from now on.
    func establish(_ association: Association) {
        let judgedUnder = judged.removeValue(forKey: association.pair)
        // What was taken off while the actions before this one were performed, be it with the connection.
        guard side.carries(association.pair), switchboard.streams[id] === self else {
            untold.remove(association.pair)
            return
        }
        releaseAdmission()
        // A reload may have taken the domain away while the pair was being proved.
        guard switchboard.deployment.hosts[association.localDomain] != nil else {
            return revoke(
                [association], for: StreamError(.hostGone, "\(association.localDomain) is no longer served here"))
        }
        // Or have made the peer's domain one of ours, for which nobody else speaks (RT-10).
        guard switchboard.deployment.hosts[association.remoteDomain] == nil else {
            return revoke(
                [association], for: StreamError(.reset, "\(association.remoteDomain) is served here"),
                isRefutation: true)
        }
        guard isJudgedAsNow(association.remoteDomain, under: judgedUnder), isFirstKeyStill(association) else {
            conclude(.outdated)
            // Nothing is taken of a peer that nobody has proved by what is asked for now.
            return revoke(
                [association], for: StreamError(.reset, "what the proof rests on has changed"), isRefutation: true)
        }
        untold.remove(association.pair)
        wire.establish(limits: deployment.limitsAfterAuthentication)
        let isFirst = proofs.join(association)
        // The other way of a pair rests on the same proof, and goes without saying.
        if association.isIncoming == (association.direction == .inbound) {
            switchboard.metrics.countProof(association)
            log.established(association, wire.session, isFirst: isFirst)
        }
        if isFirst {
            noteKey(of: association)
            review(association)
            watch(association)
        }
        switchboard.shared.observe?(.established(id, association))
        opened(association)
    }

    /// The stream carries a pair no more, and lives on for others.
    func withdraw(_ association: Association) {
        guard untold.remove(association.pair) == nil else { return }
        proofs.leave(association)
        if association.isIncoming {
            switchboard.shared.returnPaths.close(association.pair, on: id)
        } else {
            switchboard.route(.withdrawn(association.pair, on: id))
        }
    }

    /// Takes pairs off the stream; it ends with the last of them.
    ///
    /// - Parameters:
    ///   - error: What the peer is told, if it goes on with one of them.
    ///   - isRefutation: Whether the peer may be somebody else than was proved.
    func revoke(_ associations: [Association], for error: StreamError, isRefutation: Bool = false) {
        guard !associations.isEmpty else { return }
        feed(.revoke(associations.map(\.pair), Revocation(error, isRefutation: isRefutation)))
    }
}
