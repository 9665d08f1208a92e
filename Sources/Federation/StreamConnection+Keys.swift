internal import DomainAssociation

/// What is remembered of the peers that were proved.
extension StreamConnection {
    /// Whether a key that was the first of its domain when it was proved is not another one by now: whoever was let in for
    /// that while the negotiation was being drawn out has to be judged again, where unexplained keys are refused.
    func isFirstKeyStill(_ association: Association) -> Bool {
        guard association.keyChange == nil, association.keyWitness == nil, let key = association.publicKeySHA256,
            deployment.parts.policy(association.remoteDomain).keyChange == .refuse
        else { return true }
        let believed = switchboard.shared.knownKeys.keys(of: association.remoteDomain).filter {
            $0.origin != .unexplained
        }
        return believed.isEmpty || believed.contains { $0.publicKeySHA256 == key }
    }

    /// Remembers the key; one that is new to a known domain is told once, however many streams it comes on.
    func noteKey(of association: Association) {
        switch switchboard.shared.knownKeys.remember(association) {
        case .added: log.keyChanged(association, metrics: switchboard.metrics)
        // Alarms by the hundred would only hide the others; the metric counts them.
        case .repeated: switchboard.metrics.countKeyChange(association)
        case .full: log.keyNotRemembered()
        case .first, .known: break
        }
    }
}
