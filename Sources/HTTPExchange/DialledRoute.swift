internal import EventLoops

/// Where a request is carried, in libcurl's words: a name of ours that stands for the addresses, and the order to dial it
/// instead of the URL's host.
///
/// The name depends on the addresses alone, so that libcurl finds a kept connection to them; and it can be looked up
/// nowhere (RFC 6761 §6.4).
struct DialledRoute: Hashable {
    /// For `CURLOPT_RESOLVE`.
    let resolution: String
    /// For `CURLOPT_CONNECT_TO`.
    let connection: String
    /// The IPv6 zone, zero for none.
    let scope: UInt32

    /// A longer list would make a name that libcurl cuts off.
    private static let mostAddresses = 5

    /// - Throws: ``HTTPFailure/badRequest(_:)``.
    init(of request: HTTPRequest) throws(HTTPFailure) {
        let addresses = Array(
            (request.addresses.isEmpty ? Self.literal(of: request) : request.addresses).prefix(Self.mostAddresses))
        guard let first = addresses.first else { throw .badRequest("no address of \(request.url.host) is given") }
        guard first.port > 0, addresses.allSatisfy({ $0.port == first.port }) else {
            throw .badRequest("the addresses have different ports, or none")
        }
        let scopes = Set(addresses.map(\.scope)).subtracting([0])
        guard scopes.count <= 1 else { throw .badRequest("the addresses lie in different zones") }
        scope = scopes.first ?? 0
        let labels = addresses.map { Self.hexadecimal($0.octets) }
        // libcurl does not know that an address was demanded of a certificate when it looks for a kept connection.
        let demanded = Self.demandedAddress(of: request).map { ".proves-\(Self.hexadecimal($0))" } ?? ""
        let name = labels.joined(separator: ".") + (scope == 0 ? "" : ".zone\(scope)") + demanded + ".invalid"
        let hosts = addresses.map { $0.isIPv4 ? $0.host : "[\($0.host.prefix { $0 != "%" })]" }
        // With the sign the entry goes out of date, and does not stay for good.
        resolution = "+\(name):\(first.port):\(hosts.joined(separator: ","))"
        // Host and port left empty: whatever libcurl makes of the URL, this is where it goes.
        connection = "::\(name):\(first.port)"
    }

    private static func literal(of request: HTTPRequest) -> [SocketAddress] {
        request.url.literalAddress.map { [$0] } ?? []
    }

    private static func demandedAddress(of request: HTTPRequest) -> [UInt8]? {
        guard case .required(let trust, _) = request.authentication else { return nil }
        return trust.requiredAddress
    }

    private static func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
