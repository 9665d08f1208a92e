internal import XMPPModel

/// Why an attempt came to nothing, told once.
extension InitiatingStream {
    var lateness: StreamFailure {
        unofferedTLSFailure ?? .broken(reason: "\(pair.target) did not finish the negotiation in time")
    }

    /// Who closes because of our certificate may take us without it (SE-11); without dialback that is of no use.
    var closureFailure: StreamFailure {
        if mindsCertificate { return certificateFailure }
        if case .dialingBack = state { return firstPairFailure(.streamEnded) }
        if let failure = unofferedTLSFailure { return failure }
        return .broken(reason: "\(pair.target) closed the stream during negotiation")
    }

    /// Whether the end of the stream may be due to our certificate: it is known to be refused, or is being judged. Servers
    /// that take no other do so between their header and the features, which then never come.
    private var mindsCertificate: Bool {
        guard policy?.dialback != nil, !isAccepted, !wasEstablished else { return false }
        let isJudged = state == .awaitingHeader || state == .awaitingFeatures
        return hasTriedExternal || facts.presentedCertificate && isJudged
    }

    /// Whether the end of the connection may be due to our certificate, if it was presented: the peer has said nothing over
    /// TLS yet. A server of TLS 1.3 judges a certificate after the handshake.
    public var hasHeardNothing: Bool {
        policy?.dialback != nil && !isAccepted && (state == .securing || state == .awaitingHeader)
    }

    private var certificateFailure: StreamFailure {
        .certificateRefused(
            reason: "\(pair.target) closed the stream over our certificate\(refusal.map { ": \($0)" } ?? "")")
    }

    var refusalFailure: StreamFailure {
        let refused =
            refusal.map { "it refused EXTERNAL: \($0)" } ?? "it does not offer EXTERNAL for our certificate"
        let reason = "\(pair.target) did not accept \(pair.sender): \(refused)"
        return refusal?.isTemporary == true ? .broken(reason: reason) : .unauthenticated(reason: reason)
    }

    func failure(of error: StreamError) -> StreamFailure {
        switch error.condition {
        case .hostUnknown, .hostGone: return .refused(error)
        // Only who has proved to be the target may send us elsewhere, and in clear it is nobody's word.
        case .seeOtherHost where facts.proven != nil && facts.isEncrypted:
            let place = error.otherHost ?? ""
            return place.isEmpty ? .broken(reason: "see-other-host names nobody") : .redirected(to: place)
        case _ where unofferedTLSFailure != nil: return unofferedTLSFailure ?? lateness
        case let condition where mindsCertificate && Self.verdicts.contains(condition): return certificateFailure
        case _ where state == .dialingBack:
            return .pairFailed(.streamEnded, reason: "\(pair.target) ended the stream: \(error)")
        case .notAuthorized, .policyViolation, .invalidFrom, .conflict:
            return .unauthenticated(reason: "\(pair.target) refused the stream: \(error)")
        default: return .broken(reason: "\(pair.target) ended the stream: \(error)")
        }
    }

    /// What peers say that will not have our certificate.
    private static let verdicts: Set<StreamError.Condition> = [
        .notAuthorized, .policyViolation, .invalidFrom, .unsupportedStanzaType, .undefinedCondition,
    ]
}
