/// `[posh]`: fetching POSH documents, and publishing our own (RFC 7711).
public struct POSHSettings: Sendable, Hashable {
    /// `private_addresses`: whether documents may come from loopback, link-local and private addresses.
    public var allowsPrivateAddresses = false
    /// `certificates`: PEM files with what is published besides the certificate of `[tls]`, for a roll-over.
    public var certificates: [String] = []
    /// `expires`: for how many seconds the documents that we publish count.
    public var expires = 86_400

    /// The defaults.
    public init() {}

    init(reading table: TableReader) {
        allowsPrivateAddresses = table.boolean("private_addresses", default: allowsPrivateAddresses)
        if allowsPrivateAddresses { table.needs(.posh, for: "private_addresses") }
        certificates = table.files("certificates", for: .publishedCertificate)
        expires = table.integer("expires", default: expires, in: 60...31_536_000)
        if !certificates.isEmpty { table.needs(.httpListener, for: "certificates") }
        if expires != POSHSettings().expires { table.needs(.httpListener, for: "expires") }
        table.finish()
    }
}
