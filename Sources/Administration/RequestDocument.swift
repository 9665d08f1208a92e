internal import XMPPModel

/// A request as it travels: `{"command":"associations","domain":"b.example","protocol":1}`.
struct RequestDocument: Codable {
    let request: AdministrationRequest

    private enum Command: String, Codable {
        case status, streams, associations, tenants
        case tenantsAdd = "tenants-add"
        case tenantsRemove = "tenants-remove"
        case keys
        case keysForget = "keys-forget"
        case close, ping, reload
    }

    private enum CodingKeys: String, CodingKey {
        case version = "protocol"
        case command, domain, name, text, file, target, local, remote
    }

    init(_ request: AdministrationRequest) { self.request = request }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let version = try fields.decode(Int.self, forKey: .version)
        guard version == ControlProtocol.version else { throw ControlFailure.unsupportedVersion(version) }
        switch try fields.decode(Command.self, forKey: .command) {
        case .status: request = .status
        case .streams: request = .streams
        case .associations:
            request = .associations(domain: try fields.decodeIfPresent(DomainName.self, forKey: .domain))
        case .tenants: request = .tenants
        case .tenantsAdd:
            request = .tenantsAdd(
                text: try fields.decode(String.self, forKey: .text),
                fileName: try fields.decode(String.self, forKey: .file))
        case .tenantsRemove: request = .tenantsRemove(name: try fields.decode(DomainName.self, forKey: .name))
        case .keys: request = .keys(domain: try fields.decodeIfPresent(DomainName.self, forKey: .domain))
        case .keysForget: request = .keysForget(domain: try fields.decode(DomainName.self, forKey: .domain))
        case .close:
            let target = try fields.decode(String.self, forKey: .target)
            do throws(AddressError) {
                request = .close(target: try CloseTarget(target))
            } catch {
                throw ControlFailure.malformed("“\(target)” is neither a stream nor a domain: \(error)")
            }
        case .ping:
            request = .ping(
                local: try fields.decode(DomainName.self, forKey: .local),
                remote: try fields.decode(DomainName.self, forKey: .remote))
        case .reload: request = .reload
        }
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(ControlProtocol.version, forKey: .version)
        switch request {
        case .status: try fields.encode(Command.status, forKey: .command)
        case .streams: try fields.encode(Command.streams, forKey: .command)
        case .associations(let domain):
            try fields.encode(Command.associations, forKey: .command)
            try fields.encodeIfPresent(domain, forKey: .domain)
        case .tenants: try fields.encode(Command.tenants, forKey: .command)
        case .tenantsAdd(let text, let fileName):
            try fields.encode(Command.tenantsAdd, forKey: .command)
            try fields.encode(text, forKey: .text)
            try fields.encode(fileName, forKey: .file)
        case .tenantsRemove(let name):
            try fields.encode(Command.tenantsRemove, forKey: .command)
            try fields.encode(name, forKey: .name)
        case .keys(let domain):
            try fields.encode(Command.keys, forKey: .command)
            try fields.encodeIfPresent(domain, forKey: .domain)
        case .keysForget(let domain):
            try fields.encode(Command.keysForget, forKey: .command)
            try fields.encode(domain, forKey: .domain)
        case .close(let target):
            try fields.encode(Command.close, forKey: .command)
            try fields.encode(target.description, forKey: .target)
        case .ping(let local, let remote):
            try fields.encode(Command.ping, forKey: .command)
            try fields.encode(local, forKey: .local)
            try fields.encode(remote, forKey: .remote)
        case .reload: try fields.encode(Command.reload, forKey: .command)
        }
    }
}
