internal import DomainAssociation

extension InitiatingStream {
    /// When what proved the target ends, in seconds since 1970; nil where it was not proved, or never ends.
    public var serverProofExpires: Int64? {
        guard case .proven(let proven)? = conclusion else { return nil }
        return proven.proof.expires
    }

    /// Whether targets may be asked for that the stream was not opened for (PS-03): the peer takes dialback, and answers an
    /// error without closing.
    public var takesFurtherTargets: Bool {
        policy?.dialback != nil && state == .established && knowsDialback && knowsDialbackErrors && streamID != nil
    }
}
