/// A name server as `[dns]` and `[[dns.zone]]` name it.
public enum NameServer: Sendable, Hashable, CustomStringConvertible {
    /// Asked in clear over UDP and TCP: `192.0.2.53`, `127.0.0.1:5353`. The port is 53 where none is written.
    case plain(ConfiguredAddress)
    /// DNS over TLS (RFC 7858): `tls://192.0.2.53#dns.example`. The port is 853 where none is written; `name` is what
    /// its certificate has to be for, `nil` where only a pin, or nothing, authenticates it.
    case tls(ConfiguredAddress, name: String?)
    /// DNS over HTTPS (RFC 8484): `https://dns.example@192.0.2.53/dns-query`.
    case https(HTTPSNameServer)

    /// The form that is written in a configuration.
    public var description: String {
        switch self {
        case .plain(let address): address.description
        case .tls(let address, let name): "tls://\(address)" + (name.map { "#\($0)" } ?? "")
        case .https(let server): server.description
        }
    }

    /// Whether questions to it are encrypted.
    public var isEncrypted: Bool {
        if case .plain = self { false } else { true }
    }
}
