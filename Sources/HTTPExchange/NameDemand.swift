internal import CCurl
internal import EventLoops

/// The names that a certificate has to have among its alternative names, for OpenSSL to compare.
struct NameDemand {
    private let name: String?
    private let address: [UInt8]?

    init(url: HTTPURL, trust: HTTPTrust) {
        name = url.literalAddress == nil ? url.host : nil
        // libcurl compares the host of the URL too, so that no address is forgotten where two are demanded.
        address = trust.requiredAddress ?? url.literalAddress?.octets
    }

    /// Whether OpenSSL took the orders.
    func impose(on security: UnsafeMutableRawPointer) -> Bool {
        ligase_demand_strength(security)
        return ligase_demand_names(security, name, name?.utf8.count ?? 0, address, address?.count ?? 0) == 1
    }
}
