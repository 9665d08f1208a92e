internal import XMPPModel

/// What a list of name servers has to keep to, in `[dns]` and in each `[[dns.zone]]`.
struct DNSServerRules {
    let servers: [NameServer]
    let pins: [PublicKeyPin]
    let privacy: DNSSettings.Privacy
    let allowsCleartext: Bool

    func check(in table: TableReader, mayUseSystemServers: Bool) {
        checkFeatures(in: table)
        for server in servers {
            if case .tls(let address, let name) = server, name == nil, pins.isEmpty, privacy == .strict {
                // RFC 8310 §5: the strict profile needs to know whom to authenticate before it connects.
                table.error(
                    "servers", "\(server) can be authenticated by nothing, and privacy is \"strict\"",
                    mend: "write \"tls://\(address)#dns.example\" or add pin_sha256")
            }
        }
        let hasTLS = servers.contains { if case .tls = $0 { true } else { false } }
        if !pins.isEmpty, !hasTLS {
            table.warning("pin_sha256", "has no effect: pins are for tls:// servers, and there is none")
        } else if !pins.isEmpty, let unpinned = servers.first(where: \.isHTTPS) {
            table.warning("pin_sha256", "has no effect on \(unpinned): pins are for tls:// servers")
        }
        warnOfServersNeverAsked(in: table)
        guard !allowsCleartext else { return }
        if servers.isEmpty, mayUseSystemServers {
            table.error(
                "cleartext", "forbids the servers of /etc/resolv.conf, which are asked in clear, and servers is empty",
                mend: "name a tls:// or https:// server in servers")
        }
        for server in servers where !server.isEncrypted {
            table.error(
                "servers", "\(server) is asked in clear, and cleartext is false",
                mend: "write a tls:// or https:// server, or cleartext = true")
        }
        let encrypted = servers.filter(\.isEncrypted)
        if !encrypted.isEmpty, encrypted.allSatisfy(\.needsBootstrap) {
            table.error(
                "servers", "the servers' own addresses could only be looked up in clear, and cleartext is false",
                mend: "write one as \"https://dns.example@192.0.2.53/dns-query\"")
        } else {
            for server in encrypted where server.needsBootstrap {
                table.warning(
                    "servers",
                    "\(server) is never asked: its address could only be looked up in clear, and cleartext is false")
            }
        }
    }

    /// Where a server had to prove who it is, a question goes nowhere else in clear (RFC 8310 §5.1): else whoever blocks
    /// the first would see it all.
    private func warnOfServersNeverAsked(in table: TableReader) {
        guard privacy == .strict, allowsCleartext, let first = servers.firstIndex(where: \.isEncrypted) else { return }
        for server in servers[first...] where server.isInClearOutsideLoopback {
            table.warning(
                "servers",
                "\(server) is never asked: it is asked in clear, and stands after \(servers[first]), which has to prove "
                    + "who it is")
        }
    }

    private func checkFeatures(in table: TableReader) {
        for server in servers {
            switch server {
            case .plain: break
            case .tls:
                table.requires(
                    .dnsOverTLS, for: "servers", "\(server) asks for DNS over TLS, which is not built yet",
                    mend: "write a plain address")
            case .https:
                table.requires(
                    .dnsOverHTTPS, for: "servers", "\(server) asks for DNS over HTTPS, which is not built yet",
                    mend: "write a plain address")
            }
        }
        if !pins.isEmpty {
            table.requires(.dnsOverTLS, for: "pin_sha256", "pins are not built yet", mend: "remove it")
        }
    }
}

extension NameServer {
    /// Whether only HTTPS is spoken to it.
    var isHTTPS: Bool {
        if case .https = self { true } else { false }
    }

    /// Whether its own address has to be looked up before it can be asked.
    var needsBootstrap: Bool {
        if case .https(let server) = self { server.address == nil } else { false }
    }

    /// Whether it is asked in clear, and is not on this host.
    var isInClearOutsideLoopback: Bool {
        if case .plain(let address) = self { !address.isLoopback } else { false }
    }

    /// The split zone that the server's own name belongs to, where its address has to be looked up (EN-04).
    func zoneThatHidesIt(_ zones: [DomainName]) -> DomainName? {
        guard needsBootstrap, case .https(let server) = self, let host = try? DomainName(server.host) else {
            return nil
        }
        return zones.first { $0 == host || $0.isParent(of: host) }
    }

    /// What to write in place of a server without an address.
    var bootstrapMend: String {
        guard case .https(let server) = self else { return "" }
        return "write \"https://\(server.host)@192.0.2.53\(server.path)\" with its address"
    }
}
