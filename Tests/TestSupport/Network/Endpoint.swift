internal import Glibc

/// An address and port of the loopback network.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The address.
    public let address: LoopbackAddress
    /// The port.
    public let port: UInt16

    /// Names an address and port, whether or not anything listens there.
    public init(_ address: LoopbackAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// The form `address:port`.
    public var description: String { "\(address):\(port)" }

    /// A port of `address` that nothing listened on a moment ago, and that is none of `others`, which nothing listens on yet.
    public static func unused(
        on address: LoopbackAddress, besides others: Endpoint...
    ) throws(HarnessFailure) -> Endpoint {
        while true {
            let probe = try Socket(type: SOCK_STREAM)
            try probe.bind(to: Endpoint(address, port: 0))
            let endpoint = try probe.localEndpoint(on: address)
            if !others.contains(endpoint) { return endpoint }
        }
    }

    /// Whether something accepts connections here at this moment.
    public var accepts: Bool {
        guard let socket = try? Socket(type: SOCK_STREAM) else { return false }
        return (try? socket.connect(to: self, before: .after(.seconds(1)))) != nil
    }
}
