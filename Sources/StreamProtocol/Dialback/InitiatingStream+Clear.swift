internal import DomainAssociation
internal import XMPPModel

/// Streams in clear, to servers that know no TLS and of whom the policy does not demand it (PT-05, level `verified`).
extension InitiatingStream {
    private var mayStayInClear: Bool { !facts.isEncrypted && !facts.isTLSMandatory && policy?.dialback != nil }

    /// Whether nothing of TLS is to come: it is not offered, and not to be asked for.
    func staysInClear(_ announced: XMLElement) -> Bool {
        mayStayInClear && !facts.asksForTLS && !offersTLS(announced)
    }

    private func offersTLS(_ announced: XMLElement) -> Bool {
        announced.elements.contains { $0.namespace == Namespace.startTLS }
    }

    /// Whether the conclusion about the target is expected; in clear it is asked for behind the features.
    var awaitsProof: Bool {
        if case .awaitingProof = state { return true }
        return facts.isEncrypted
    }

    /// DNS alone speaks for the server, and whether that is enough is decided before it hears a key.
    mutating func proveInClear(_ announced: XMLElement) -> [StreamAction] {
        state = .awaitingProof(announced)
        return [.prove(pair, .target)]
    }

    /// A server before XMPP 1.0 knows neither features nor TLS, so that there is nothing to ask for.
    mutating func takeLegacyHeader() -> [StreamAction] {
        guard mayStayInClear else {
            return close(
                StreamError(.unsupportedVersion, "XMPP 1.0 is required"),
                .unauthenticated(reason: "\(pair.target) speaks XMPP before 1.0, which knows no TLS"))
        }
        knowsFeatures = false
        return proveInClear(XMLElement(Namespace.stream, "features"))
    }

    /// What is to be said of a peer that will not start TLS, was asked although it offers none, and may do without: an
    /// attacker could have taken the offer away, so that it is asked first (RFC 7590 §3.1).
    var unofferedTLSFailure: StreamFailure? {
        guard case .negotiating(let announced) = state, mayStayInClear, facts.asksForTLS, !offersTLS(announced) else {
            return nil
        }
        return .encryptionRefused(reason: "\(pair.target) knows no TLS")
    }
}
