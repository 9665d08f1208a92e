internal import DomainAssociation

/// What is remembered of the peers that were proved.
extension StreamConnection {
    /// Remembers the key; one that is new to a known domain is told once, however many streams it comes on.
    func noteKey(of association: Association) {
        switch switchboard.shared.knownKeys.remember(association) {
        case .added: log.keyChanged(association, metrics: switchboard.metrics)
        case .full: log.keyNotRemembered()
        case .first, .known: break
        }
    }
}
