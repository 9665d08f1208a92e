internal import Configuration
internal import DomainAssociation
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// Further pairs on a stream that exists.
extension StreamConnection {
    private static let full = PairFailure.refused(DialbackError(.resourceConstraint), mayUseOwnStream: true)

    /// Asks for a further pair; the answer goes to the loop that owns its target.
    func associate(_ wish: StreamShares.Wish) {
        guard side.isEstablished else { return switchboard.refuse(wish.pair, on: id, .overtaken) }
        if let limit = switchboard.deployment.configuration.limits.pairsPerStream,
            side.outgoingCount + furtherPairs.count >= limit
        {
            return switchboard.refuse(wish.pair, on: id, Self.full)
        }
        // It came about in the meantime, from the other side or by another wish.
        if let association = side.association(of: wish.pair) {
            return switchboard.route(.established(association, on: id))
        }
        if let delegation = wish.delegation, wish.pair.target != dialledPair?.target {
            makeRoomForDelegations()
            furtherDelegations[wish.pair.target] = delegation
            isWayFresh = true
        }
        furtherPairs.insert(wish.pair)
        switchboard.shared.observe?(.pairAsked(id, wish.pair))
        feed(.associate(wish.pair))
        isWayFresh = false
    }

    /// Ways to domains that the stream does not carry go when there are many: a peer's name server can lead any number here.
    private func makeRoomForDelegations() {
        guard furtherDelegations.count >= delegationLimit else { return }
        let wanted = Set(side.associations.map(\.remoteDomain)).union(furtherPairs.map(\.target))
        furtherDelegations = furtherDelegations.filter { wanted.contains($0.key) }
        delegationLimit = max(64, furtherDelegations.count * 2)
    }

    /// The stream carries the pair from now on.
    func opened(_ association: Association) {
        forgetFurther(association.pair)
        if association.isIncoming {
            let place = StreamPlace(id: id, loop: switchboard.index)
            switchboard.shared.returnPaths.open(
                association.pair, on: place, isBidirectional: dialledPair == nil && side.isBidirectional)
            switchboard.peerConnected(association.remoteDomain)
        } else {
            switchboard.keyQuestions.opened(self)
            conclude(.established)
            // What a peer's own stream carries back is looked for when somebody writes there.
            switchboard.route(dialledPair == nil ? .available(association, on: id) : .established(association, on: id))
        }
    }

    /// A further pair did not come about.
    func pairFailed(_ pair: DomainPair, _ failure: PairFailure) {
        judged[pair] = nil
        forgetFurther(pair)
        switchboard.refuse(pair, on: id, failure)
    }

    private func forgetFurther(_ pair: DomainPair) {
        furtherPairs.remove(pair)
        // Thousands may have been asked for at once, and their room is not given back by itself.
        if furtherPairs.isEmpty { furtherPairs = [] }
    }

    /// How DNS led from a domain of the peer's to this server: each domain has a way of its own, and what is published on
    /// one of them says nothing of another.
    func delegation(of domain: DomainName) -> Delegation? {
        domain == dialledPair?.target ? delegation : furtherDelegations[domain]
    }
}

extension StreamSide {
    /// Whether the peer may be asked for targets that it was not dialled for (PS-03).
    var takesFurtherTargets: Bool {
        switch self {
        case .initiating(let stream): stream.takesFurtherTargets
        case .receiving, .handling: false
        }
    }
}

extension Deployment {
    /// Whether several pairs may be on one stream to a remote domain.
    func isPiggybacking(with domain: DomainName) -> Bool {
        settings(for: domain).piggybacking
    }
}
