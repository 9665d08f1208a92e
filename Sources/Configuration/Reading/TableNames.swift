internal import XMPPModel

/// Domain names, addresses, name servers and pins.
extension TableReader {
    /// `text` as a domain, or a fault of `key`.
    func domain(_ text: String, of key: String, mend: String) -> DomainName? {
        do {
            return try DomainName(text)
        } catch {
            self.error(key, "\"\(text)\" is not a domain name: \(error)", mend: mend)
            return nil
        }
    }

    /// A domain that has to be there.
    func requiredDomain(_ key: String, mend: String) -> DomainName? {
        requiredString(key, mend: mend).flatMap { domain($0, of: key, mend: mend) }
    }

    /// A list of domains.
    func domains(_ key: String) -> [DomainName]? {
        list(key) { (text: String) -> ElementReading<DomainName> in
            do {
                return .accepted(try DomainName(text))
            } catch {
                return .refused("is not a domain name: \(error)", mend: "write \(key) = [\"a.example\"]")
            }
        }
    }

    /// An address to connect to; `example` is what the mend shows.
    func address(_ key: String, example: String) -> ConfiguredAddress? {
        guard let text = string(key) else { return nil }
        guard let address = ConfiguredAddress(text), address.port != 0 else {
            error(key, "\"\(text)\" is not an IP address with a port", mend: "write \(key) = \"\(example)\"")
            return nil
        }
        return address
    }

    /// Addresses to listen on.
    func listeners(_ key: String, default fallback: [ConfiguredAddress]) -> [ConfiguredAddress] {
        let addresses = list(key) { (text: String) -> ElementReading<ConfiguredAddress> in
            guard let address = ConfiguredAddress(text) else {
                let example = fallback.first?.description ?? "127.0.0.1:15270"
                return .refused(
                    "is not an IP address with a port", mend: "write \"\(example)\", or [] to switch it off")
            }
            return .accepted(address)
        }
        return addresses ?? fallback
    }

    /// Name servers; `nil` when the key is not set.
    func nameServers(_ key: String) -> [NameServer]? {
        list(key, NameServer.read)
    }

    /// Pins; none when the key is not set.
    func pins(_ key: String) -> [PublicKeyPin] {
        list(key) { (text: String) -> ElementReading<PublicKeyPin> in
            guard let pin = PublicKeyPin(base64: text) else {
                return .refused(
                    "is not a pin", mend: "write the base64 form of the key's SHA-256: 44 characters, ending in =")
            }
            return .accepted(pin)
        } ?? []
    }
}
