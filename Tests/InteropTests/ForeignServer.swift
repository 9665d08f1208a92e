import TestSupport

/// A server that is not ours, running.
enum ForeignServer {
    case prosody(ProsodyServer)
    case ejabberd(EjabberdServer)

    /// The programs that tests federate with.
    enum Kind: String {
        case prosody
        case ejabberd
    }

    static func start(_ kind: Kind, in network: TestNetwork) throws -> ForeignServer {
        switch kind {
        case .prosody: .prosody(try network.startProsody())
        case .ejabberd: .ejabberd(try network.startEjabberd())
        }
    }

    /// Whether the server took `domain` by SASL EXTERNAL on a stream that `domain` opened.
    func authenticated(_ domain: String) -> Bool {
        switch self {
        case .prosody(let server): server.logs("Accepting SASL EXTERNAL identity from \(domain)")
        case .ejabberd(let server): server.logs("Accepted inbound s2s EXTERNAL authentication \(domain)")
        }
    }

    /// Whether `domain` took the server by SASL EXTERNAL on a stream that the server opened.
    func wasAuthenticated(by domain: String) -> Bool {
        switch self {
        case .prosody(let server): server.logs("SASL EXTERNAL with \(domain) succeeded")
        case .ejabberd(let server):
            server.logs("Accepted outbound s2s EXTERNAL authentication ejabberd.example -> \(domain)")
        }
    }

    /// Whether the server took `domain` by dialback on a stream that `domain` opened.
    func dialledBack(_ domain: String) -> Bool {
        switch self {
        case .prosody(let server):
            server.logs("asking \(domain) if key") && server.logs("is now authenticated for \(domain)")
        case .ejabberd(let server): server.logs("Accepted inbound s2s dialback authentication \(domain)")
        }
    }

    /// Whether `domain` took the server by dialback on a stream that the server opened.
    func wasDialledBack(by domain: String) -> Bool {
        switch self {
        case .prosody(let server):
            server.logs("sent dialback key on outgoing s2s stream")
                && server.logs("connection prosody.example->\(domain) is now authenticated for \(domain)")
        case .ejabberd(let server):
            server.logs("Accepted outbound s2s dialback authentication ejabberd.example -> \(domain)")
        }
    }

    /// Whether the server's log has `text`, or gets it soon.
    func logs(_ text: String, within limit: Duration = .seconds(5)) -> Bool {
        switch self {
        case .prosody(let server): server.logs(text, within: limit)
        case .ejabberd(let server): server.logs(text, within: limit)
        }
    }
}
