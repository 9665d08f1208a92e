public import DNSMessages

/// The host of a service: a name that has addresses, or an address.
public enum ServiceHost: Hashable, Sendable {
    /// A name, to be resolved.
    case name(DNSName)
    /// An address, to be used as it is.
    case address(IPAddress)

    /// Reads an address literal, or else a name.
    ///
    /// - Throws: ``DNSNameError`` when it is neither.
    public init(_ text: some StringProtocol) throws(DNSNameError) {
        if let address = IPAddress(text) {
            self = .address(address)
        } else {
            self = .name(try DNSName(text))
        }
    }
}

extension ServiceHost: CustomStringConvertible {
    /// The name in A-label form without a final dot, or the address in text.
    public var description: String {
        switch self {
        case .name(let name): name.description
        case .address(let address): address.description
        }
    }
}
