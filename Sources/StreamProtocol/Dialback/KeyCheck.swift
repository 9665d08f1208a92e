internal import DomainAssociation
internal import XMPPModel

/// Our part as the authoritative server: says whether a key is ours (XEP-0220 §2.2.2). It changes nothing, so whoever asks is
/// answered, authenticated or not (DB-25).
enum KeyCheck {
    /// What is to be done, and whether the key is ours: then whoever asks has it from us.
    static func answer(
        _ element: DialbackElement, key: String, _ policy: StreamPolicy, _ settings: DialbackSettings,
        isEncrypted: Bool
    ) -> (actions: [StreamAction], isOurs: Bool) {
        let pair = element.requestedPair
        func reply(_ content: DialbackElement.Content) -> StreamAction {
            .send(DialbackElement.verified(element.spelling, id: element.id, content))
        }
        guard policy.host(pair.sender) == .hosted else {
            return ([reply(.error(DialbackError(.itemNotFound)))], false)
        }
        guard policy.isAllowed(pair.target), isEncrypted || settings.rules(pair.target).policy.level == .verified else {
            return ([reply(.error(DialbackError(.policyViolation)))], false)
        }
        guard settings.keys.isKey(key, for: pair, streamID: element.id) else {
            return ([.report(.dialback(.foreignKey(pair))), reply(.invalid)], false)
        }
        return ([reply(.valid)], true)
    }
}
