internal import EventLoops
internal import TransportSecurity

/// A remote server that the server under test dials: it takes every domain's part, asks for EXTERNAL and counts what
/// comes.
final class AcceptingPeer {
    private enum Step {
        case header, startTLS, secondHeader, authentication, lastHeader, established
    }

    private let wire: PeerConnection
    private let context: TLSContext
    private let count: (UnsafeRawBufferPointer) -> Void
    private let ended: (AcceptingPeer) -> Void
    private var step = Step.header
    private var transcript = Transcript()

    init(
        _ connection: TCPConnection, context: TLSContext, scratch: PlaintextBuffer,
        count: @escaping (UnsafeRawBufferPointer) -> Void, ended: @escaping (AcceptingPeer) -> Void
    ) {
        self.context = context
        self.count = count
        self.ended = ended
        wire = PeerConnection(connection, scratch: scratch)
        wire.received = { [unowned self] in received($0) }
        wire.ended = { [unowned self] _ in
            wire.close()
            ended(self)
        }
    }

    /// Ends at once.
    func abort() { wire.connection.abort() }

    private func received(_ bytes: UnsafeRawBufferPointer) {
        if case .established = step { return count(bytes) }
        transcript.append(bytes)
        while advance() {}
    }

    /// Takes one step if what it needs is there.
    private func advance() -> Bool {
        switch step {
        case .header:
            guard answerHeader("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>") else {
                return false
            }
            step = .startTLS
        case .startTLS:
            guard transcript.take(throughTag: "<starttls") != nil,
                let session = try? TLSSession(context: context)
            else { return false }
            wire.write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            transcript = Transcript()
            step = .secondHeader
            wire.startTLS(session)
        case .secondHeader:
            let mechanisms =
                "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"
            guard answerHeader(mechanisms) else { return false }
            step = .authentication
        case .authentication:
            guard transcript.take(through: "</auth>") != nil else { return false }
            wire.write("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
            step = .lastHeader
        case .lastHeader:
            guard answerHeader("") else { return false }
            step = .established
            transcript.takeAll().withUnsafeBytes(count)
            return false
        case .established: return false
        }
        return true
    }

    private func answerHeader(_ features: String) -> Bool {
        guard let header = transcript.take(throughTag: "<stream:stream") else { return false }
        let remote = Transcript.attribute("from", of: header) ?? ""
        let own = Transcript.attribute("to", of: header) ?? ""
        wire.write(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:server' "
                + "xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' id='bench\(step)' "
                + "from='\(own)' to='\(remote)' version='1.0' xml:lang='en'>"
                + "<stream:features>\(features)</stream:features>")
        return true
    }
}
