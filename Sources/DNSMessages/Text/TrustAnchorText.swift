/// Trust anchors as text: DS and DNSKEY records in the form of a master file.
///
/// The files of dns-root-data and those that unbound keeps are of this kind.
public enum TrustAnchorText {
    /// Reads trust anchors.
    ///
    /// Keys that unbound wrote down as not, or no longer, to be trusted are left out (the `state` in its comments).
    ///
    /// - Throws: ``MasterFileError`` with the line; ``MasterFileError/empty`` when no anchor is left, since a validator
    ///   without one would take everything for unsigned.
    public static func read(_ text: String) throws(MasterFileError) -> [DNSRecord] {
        var state = MasterFile.State()
        var anchors: [DNSRecord] = []
        for entry in try MasterFileLines(text).entries {
            guard let record = try state.record(of: entry) else { continue }
            guard DelegationSigner(record) != nil || ZoneKey(record) != nil else {
                throw .unexpectedType(line: entry.line, record.type)
            }
            if isTrusted(String(decoding: entry.comment, as: UTF8.self)) { anchors.append(record) }
        }
        guard !anchors.isEmpty else { throw .empty }
        return anchors
    }

    /// Compatibility: unbound's auto-trust-anchor-file says `;;state=1 [ ADDPEND ]` of a key that it does not trust yet.
    private static func isTrusted(_ comment: String) -> Bool {
        guard
            let state = comment.split(separator: " ").compactMap({ word in
                word.split(separator: ";").last.flatMap { $0.hasPrefix("state=") ? $0.dropFirst(6) : nil }
            }).first
        else { return true }
        let (valid, missing) = ("2", "3")
        return state == valid || state == missing
    }
}
