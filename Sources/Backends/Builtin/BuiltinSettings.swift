public import XMPPModel

/// What a builtin domain says of itself.
public struct BuiltinSettings: Hashable, Sendable {
    /// The name of the software (XEP-0092).
    public var softwareName: String
    /// The version of the software.
    public var softwareVersion: String
    /// The operating system; nil leaves it out, since it helps attackers more than anybody else (XEP-0092 §5).
    public var operatingSystem: String?
    /// Whom to write to.
    public var contacts: ContactAddresses
    /// The domains that disco#items lists, in this order.
    public var items: [DomainName]

    /// Makes settings.
    public init(
        softwareName: String = "Ligase", softwareVersion: String, operatingSystem: String? = nil,
        contacts: ContactAddresses = ContactAddresses(), items: [DomainName] = []
    ) {
        self.softwareName = softwareName
        self.softwareVersion = softwareVersion
        self.operatingSystem = operatingSystem
        self.contacts = contacts
        self.items = items
    }
}
