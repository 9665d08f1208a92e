internal import DomainAssociation
internal import StreamProtocol
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

    /// What a proof rests on may end, or turn against the peer, while the stream lives (TL-14, PT-06).
    func watch(_ association: Association) {
        guard let claim = basis(of: association) else { return }
        watches[association.pair] = ProofWatch(association, of: claim, under: deployment, on: switchboard) {
            [weak self] end in self?.proofEnded(association, end)
        }
    }

    private func proofEnded(_ association: Association, _ end: ProofWatch.End) {
        log.proofEnded(end)
        switch end {
        case .expired: close(StreamError(.reset, "the proof of \(association.remoteDomain) has expired"))
        case .refuted(let conclusion):
            switchboard.shared.observe?(.proofConcluded(id, conclusion))
            let error = StreamError(
                .notAuthorized, "the certificate is not what \(association.remoteDomain) publishes any more")
            // Of who is not the peer that was proved nothing more is taken; what waits for it goes elsewhere.
            if association.direction == .inbound { feed(.failed(error)) } else { close(error) }
        }
    }

    /// When the proof of a pair ends, as far as is known by now.
    func proofEnd(of association: Association) -> Int64? {
        watches[association.pair]?.expires ?? association.expires
    }
}
