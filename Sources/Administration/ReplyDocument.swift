/// A reply, or a part of one, as it travels: `{"body":[…],"more":true,"protocol":1,"reply":"streams"}`.
struct ReplyDocument: Codable {
    let reply: AdministrationReply
    /// Whether further elements of the same list follow in the next frame.
    let more: Bool

    private enum Kind: String, Codable {
        case status, streams, associations, tenants
        case tenantsChanged = "tenants-changed"
        case keys
        case keysForgotten = "keys-forgotten"
        case closed, pinged, reloaded, failed
    }

    private enum CodingKeys: String, CodingKey {
        case version = "protocol"
        case reply, more, body
    }

    init(_ reply: AdministrationReply, more: Bool) {
        self.reply = reply
        self.more = more
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let version = try fields.decode(Int.self, forKey: .version)
        guard version == ControlProtocol.version else { throw ControlFailure.unsupportedVersion(version) }
        more = try fields.decode(Bool.self, forKey: .more)
        switch try fields.decode(Kind.self, forKey: .reply) {
        case .status: reply = .status(try fields.decode(StatusReply.self, forKey: .body))
        case .streams: reply = .streams(try fields.decode([StreamSummary].self, forKey: .body))
        case .associations: reply = .associations(try fields.decode([AssociationSummary].self, forKey: .body))
        case .tenants: reply = .tenants(try fields.decode([TenantSummary].self, forKey: .body))
        case .tenantsChanged: reply = .tenantsChanged(try fields.decode(TenantsChangeReply.self, forKey: .body))
        case .keys: reply = .keys(try fields.decode([KnownKeySummary].self, forKey: .body))
        case .keysForgotten: reply = .keysForgotten(try fields.decode(KeysForgottenReply.self, forKey: .body))
        case .closed: reply = .closed(try fields.decode(CloseReply.self, forKey: .body))
        case .pinged: reply = .pinged(try fields.decode(PingReply.self, forKey: .body))
        case .reloaded: reply = .reloaded(try fields.decode(ReloadReply.self, forKey: .body))
        case .failed: reply = .failed(try fields.decode(AdministrationFailure.self, forKey: .body))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(ControlProtocol.version, forKey: .version)
        try fields.encode(kind, forKey: .reply)
        try fields.encode(more, forKey: .more)
        try reply.body.encode(to: fields.superEncoder(forKey: .body))
    }

    private var kind: Kind {
        switch reply {
        case .status: .status
        case .streams: .streams
        case .associations: .associations
        case .tenants: .tenants
        case .tenantsChanged: .tenantsChanged
        case .keys: .keys
        case .keysForgotten: .keysForgotten
        case .closed: .closed
        case .pinged: .pinged
        case .reloaded: .reloaded
        case .failed: .failed
        }
    }
}

extension AdministrationReply {
    /// What `--json` prints of it.
    var body: any Encodable {
        switch self {
        case .status(let reply): reply
        case .streams(let list): list
        case .associations(let list): list
        case .tenants(let list): list
        case .tenantsChanged(let reply): reply
        case .keys(let list): list
        case .keysForgotten(let reply): reply
        case .closed(let reply): reply
        case .pinged(let reply): reply
        case .reloaded(let reply): reply
        case .failed(let failure): failure
        }
    }
}
