public import Logging

/// The names that log records use for the facts they carry; the list is closed, so that a search by name finds all.
public enum LogField: String, CaseIterable, Sendable {
    /// The stream or backend connection: `s17`.
    case stream
    /// The domain that is ours.
    case local
    /// The domain that is theirs.
    case remote
    /// The address of the other end.
    case peer
    /// What proves, or fails to: `dane`, `posh`, `pkix`, `dialback`.
    case prooftype
    /// What every prooftype said, the one that proves included.
    case verdicts
    /// How a domain was proved: `external`, `dialback`, …
    case mechanism
    /// The strength that was reached or asked for.
    case level = "federation_level"
    /// Where in a procedure it happened: `resolve`, `connect`, `tls`, `authenticate`, …
    case step
    /// Why.
    case reason
    /// What to mend.
    case fix
    /// The condition of a stream or stanza error.
    case condition
    /// TLS version and cipher suite.
    case tls
    /// SHA-256 of a certificate.
    case certificate
    /// SHA-256 of a public key (SubjectPublicKeyInfo).
    case publicKey = "public_key"
    /// The keys that a domain was proved with before, with what proved them and when they last came.
    case formerPublicKeys = "former_public_keys"
    /// The question of a lookup: name and type.
    case question
    /// A listener of the configuration.
    case listener
    /// A backend.
    case backend
    /// A file of the configuration.
    case file
    /// How many.
    case count
    /// Seconds.
    case duration
    /// Bytes.
    case bytes
}

extension Logger {
    /// Adds, replaces or (by nil) removes a fact that every record of this logger carries.
    public subscript(field: LogField) -> String? {
        get {
            guard case .string(let text)? = self[metadataKey: field.rawValue] else { return nil }
            return text
        }
        set { self[metadataKey: field.rawValue] = newValue.map { .string($0) } }
    }
}

extension Dictionary<String, Logger.MetadataValue> {
    /// The facts of one record: `log.info("…", metadata: .facts([.stream: "s17"]))`.
    public static func facts(_ facts: KeyValuePairs<LogField, String>) -> Self {
        var metadata: Self = [:]
        for (field, value) in facts where !value.isEmpty { metadata[field.rawValue] = .string(value) }
        return metadata
    }
}
