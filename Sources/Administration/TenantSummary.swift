public import XMPPModel

/// One element of `tenants`: a hosted domain.
public struct TenantSummary: Hashable, Sendable {
    /// The domain.
    public var name: DomainName
    /// `component`, `server` or `builtin`.
    public var backend: String
    /// Whether the backend can take stanzas now.
    public var connected: Bool
    /// The file in which its `[[domain]]` stands.
    public var file: String
    /// Whether it was added by `tenants add`, and so can be removed with no restart.
    public var removable: Bool
    /// When its certificate ends; nil when it has none.
    public var certificateExpires: Timestamp?

    /// Makes a summary.
    public init(
        name: DomainName, backend: String, connected: Bool, file: String, removable: Bool,
        certificateExpires: Timestamp?
    ) {
        self.name = name
        self.backend = backend
        self.connected = connected
        self.file = file
        self.removable = removable
        self.certificateExpires = certificateExpires
    }
}

// The synthesised form would leave a nil member away; scripts find every name, with null where there is nothing.
extension TenantSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, backend, connected, file, removable
        case certificateExpires = "certificate_expires"
    }

    /// Writes the element of `tenants --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(backend, forKey: .backend)
        try container.encode(connected, forKey: .connected)
        try container.encode(file, forKey: .file)
        try container.encode(removable, forKey: .removable)
        try container.encode(certificateExpires, forKey: .certificateExpires)
    }
}
