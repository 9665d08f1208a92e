internal import EventLoops
internal import TransportSecurity

/// The component behind the server under test (XEP-0114): counts what comes, sends what a scenario wants.
final class ComponentPeer {
    private enum Step {
        case header, handshake, connected
    }

    private let domain: String
    private let secret: String
    private let count: (UnsafeRawBufferPointer) -> Void
    private var step = Step.header
    private var transcript = Transcript()
    private(set) var wire: PeerConnection?
    private(set) var failure: String?

    init(_ domain: String, secret: String, count: @escaping (UnsafeRawBufferPointer) -> Void) {
        self.domain = domain
        self.secret = secret
        self.count = count
    }

    var isConnected: Bool { if case .connected = step { true } else { false } }

    func start(at address: SocketAddress, on loop: EventLoop) {
        TCPConnection.dial(to: address, on: loop, deadline: .seconds(10)) { [self] result in
            switch result {
            case .success(let connection): begin(connection)
            case .failure(let reason): failure = "\(reason)"
            }
        }
    }

    private func begin(_ connection: TCPConnection) {
        let wire = PeerConnection(connection, scratch: PlaintextBuffer())
        self.wire = wire
        wire.received = { [unowned self] in received($0) }
        wire.ended = { [unowned self] in failure = "the component's connection ended: \($0)" }
        wire.write(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                + "xmlns:stream='http://etherx.jabber.org/streams' to='\(domain)'>")
    }

    private func received(_ bytes: UnsafeRawBufferPointer) {
        if case .connected = step { return count(bytes) }
        transcript.append(bytes)
        if case .header = step, let header = transcript.take(throughTag: "<stream:stream") {
            let proof = (Transcript.attribute("id", of: header) ?? "") + secret
            wire?.write("<handshake>\(Hexadecimal.encode(Digest.sha1(Array(proof.utf8))))</handshake>")
            step = .handshake
        }
        if case .handshake = step, transcript.contains("<handshake") {
            step = .connected
            transcript = Transcript()
        }
    }
}
