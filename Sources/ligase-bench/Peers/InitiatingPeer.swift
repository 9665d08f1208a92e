internal import EventLoops
internal import TransportSecurity

/// A remote server that opens a stream to the server under test: STARTTLS, EXTERNAL, and then whatever a scenario does.
final class InitiatingPeer {
    private enum Step {
        case features, proceed, mechanisms, success, lastFeatures, established
    }

    let domain: String
    private let target: String
    private let context: TLSContext
    private let scratch: PlaintextBuffer
    private var step = Step.features
    private var transcript = Transcript()
    private var isClosing = false
    private(set) var wire: PeerConnection?
    /// The last features came: stanzas may flow.
    var established: ((InitiatingPeer) -> Void)?
    /// The stream is over; with a reason unless it ended as it should.
    var ended: ((InitiatingPeer, String?) -> Void)?

    init(_ domain: String, to target: String, context: TLSContext, scratch: PlaintextBuffer) {
        self.domain = domain
        self.target = target
        self.context = context
        self.scratch = scratch
    }

    func start(at address: SocketAddress, on loop: EventLoop) {
        TCPConnection.dial(to: address, on: loop, deadline: .seconds(10)) { [self] result in
            switch result {
            case .success(let connection): begin(connection)
            case .failure(let failure): ended?(self, "\(failure)")
            }
        }
    }

    /// Ends the stream as RFC 6120 §4.4 wants it, and tells `ended` when the other side has answered.
    func close() {
        isClosing = true
        wire?.write("</stream:stream>")
    }

    private func begin(_ connection: TCPConnection) {
        let wire = PeerConnection(connection, scratch: scratch)
        self.wire = wire
        wire.received = { [unowned self] in received($0) }
        wire.secured = { [unowned self] in sendHeader() }
        wire.ended = { [unowned self] in finish($0) }
        sendHeader()
    }

    private func sendHeader() {
        wire?.write(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:server' "
                + "xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' "
                + "from='\(domain)' to='\(target)' version='1.0' xml:lang='en'>")
    }

    private func received(_ bytes: UnsafeRawBufferPointer) {
        if case .established = step, !isClosing { return }
        transcript.append(bytes)
        if isClosing {
            if transcript.contains("</stream:stream>") { finish("closed") }
            return
        }
        if transcript.contains("<stream:error") || transcript.contains("<failure") {
            return finish(String(decoding: transcript.bytes, as: UTF8.self))
        }
        while advance() {}
    }

    /// Takes one step if what it needs is there.
    private func advance() -> Bool {
        switch step {
        case .features:
            guard transcript.take(through: "</stream:features>") != nil else { return false }
            step = .proceed
            wire?.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        case .proceed:
            guard transcript.take(throughTag: "<proceed") != nil else { return false }
            guard let session = try? TLSSession(context: context, serverName: target) else {
                finish("no TLS session")
                return false
            }
            step = .mechanisms
            wire?.startTLS(session)
        case .mechanisms:
            guard let features = transcript.take(through: "</stream:features>") else { return false }
            guard features.contains("EXTERNAL") else {
                finish("EXTERNAL is not offered: \(features)")
                return false
            }
            step = .success
            wire?.write(
                "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>"
                    + Base64.encode(Array(domain.utf8)) + "</auth>")
        case .success:
            guard transcript.take(throughTag: "<success") != nil else { return false }
            transcript = Transcript()
            step = .lastFeatures
            sendHeader()
        case .lastFeatures:
            guard
                transcript.take(through: "</stream:features>") != nil
                    || transcript.take(through: "<stream:features/>") != nil
            else { return false }
            step = .established
            transcript = Transcript()
            established?(self)
            return false
        case .established: return false
        }
        return true
    }

    private func finish(_ reason: String) {
        guard let wire else { return }
        self.wire = nil
        let isExpected = isClosing
        wire.close { [self] in
            let ended = ended
            self.ended = nil
            ended?(self, isExpected ? nil : reason)
        }
    }
}
