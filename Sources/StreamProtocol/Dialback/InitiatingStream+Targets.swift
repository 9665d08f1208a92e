extension InitiatingStream {
    /// Whether targets may be asked for that the stream was not opened for (PS-03): the peer takes dialback, and answers an
    /// error without closing.
    public var takesFurtherTargets: Bool {
        policy?.dialback != nil && state == .established && knowsDialback && knowsDialbackErrors && streamID != nil
    }
}
