internal import DomainAssociation
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// Dialback on one stream.
extension StreamConnection {
    /// The server that we dialled takes questions about keys, and nothing else is meant for it.
    func openForQuestions() {
        guard let pair = dialledPair, isJudgedAsNow(pair.target, under: judged.removeValue(forKey: pair)) else {
            conclude(.outdated)
            return close(nil)
        }
        switchboard.keyQuestions.opened(self)
        conclude(.established)
    }

    /// Asks the server about a key.
    ///
    /// - Parameter way: How DNS leads here from the sender domain, where it is not the one that was dialled.
    func ask(_ question: DialbackQuestion, along way: Delegation?) {
        let domain = question.pair.sender
        guard domain != dialledPair?.target else { return feed(.ask(question)) }
        // What is claimed with it is put together within the call.
        furtherDelegations[domain] = way
        feed(.ask(question))
        furtherDelegations[domain] = nil
    }

    /// A proof for questions leaves nothing behind: who presented the key is judged where it came.
    func forgetFurtherServer(_ pair: DomainPair) {
        if isFurtherServer(pair) { judged[pair] = nil }
    }

    /// Whether a pair is that of a question about a domain that the server was not dialled for.
    func isFurtherServer(_ pair: DomainPair) -> Bool {
        guard let dialledPair else { return false }
        return !side.isEstablished && pair.target != dialledPair.target
    }

    /// A pair that a peer asked for and did not get leaves nothing behind: it may ask for others without end.
    func forgetRefused(_ report: StreamReport) {
        switch report {
        case .proofRefused(let conclusion): judged[conclusion.claim.pair] = nil
        case .dialback(.refused(let pair, _, _)), .dialback(.forgedKey(let pair, _)):
            if !mayRestOnEarlierProof(pair) { judged[pair] = nil }
        default: break
        }
    }

    /// The failure of a connection that ended without a word over TLS, where our certificate may be the reason (SE-11).
    func refusalOfCertificate(_ reason: String) -> StreamFailure? {
        guard dialledPair != nil, !withholdsCertificate, side.hasHeardNothing,
            wire.session?.mayHaveSentCertificate == true
        else { return nil }
        return .certificateRefused(reason: "the server ended the connection over our certificate, it seems: \(reason)")
    }
}
