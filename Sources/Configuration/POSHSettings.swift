/// `[posh]`: fetching POSH documents (RFC 7711).
public struct POSHSettings: Sendable, Hashable {
    /// `private_addresses`: whether documents may come from loopback, link-local and private addresses.
    public var allowsPrivateAddresses = false

    /// The defaults.
    public init() {}

    init(reading table: TableReader) {
        allowsPrivateAddresses = table.boolean("private_addresses", default: allowsPrivateAddresses)
        if allowsPrivateAddresses { table.needs(.posh, for: "private_addresses") }
        table.finish()
    }
}
