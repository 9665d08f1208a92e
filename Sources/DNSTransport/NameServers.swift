public import EventLoops
public import NameResolution

/// The name servers to ask, in the order of preference, and how patiently.
public struct NameServers: Hashable, Sendable {
    /// The servers; they are asked in turn.
    public var addresses: [SocketAddress]
    /// How long and how often each is tried.
    public var limits: LookupLimits

    /// The port of name servers (RFC 1035 §4.2).
    public static let defaultPort: UInt16 = 53
    /// Servers and options that resolv.conf(5) allows at most; more of them are ignored there too.
    private static let most = (servers: 3, timeoutSeconds: 30, attempts: 5)

    /// Servers from the configuration.
    public init(addresses: [SocketAddress], limits: LookupLimits = LookupLimits()) {
        self.addresses = addresses
        self.limits = limits
    }

    /// Servers from the text of an `/etc/resolv.conf`; the one on this host when it names none.
    ///
    /// Of the options `timeout:` and `attempts:` count. What is not understood is passed over, as resolv.conf(5) has
    /// it: `search` for instance, since all names here are fully qualified.
    public init(resolverConfiguration text: some StringProtocol) {
        addresses = []
        limits = LookupLimits()
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }
            switch words.first {
            case "nameserver":
                guard words.count > 1, addresses.count < Self.most.servers else { continue }
                guard let address = try? SocketAddress(host: String(words[1]), port: Self.defaultPort) else { continue }
                addresses.append(address)
            case "options":
                for option in words.dropFirst() { apply(Substring(option)) }
            default:
                continue
            }
        }
        if addresses.isEmpty { addresses = [.loopbackIPv4(port: Self.defaultPort)] }
    }

    private mutating func apply(_ option: Substring) {
        let parts = option.split(separator: ":")
        guard parts.count == 2, let value = Int(parts[1]), value > 0 else { return }
        if parts[0] == "timeout" {
            let timeout = Duration.seconds(min(value, Self.most.timeoutSeconds))
            limits.tryTimeout = timeout
            limits.connectionTimeout = timeout
            limits.overall = max(limits.overall, timeout)
        } else if parts[0] == "attempts" {
            limits.rounds = min(value, Self.most.attempts)
        }
    }
}
