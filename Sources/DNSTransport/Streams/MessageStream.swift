internal import EventLoops
internal import NameResolution
internal import TransportSecurity
internal import XMPPModel

/// Who is told what a stream of messages brings; on its loop.
protocol MessageStreamOwner: AnyObject {
    /// Messages can be sent. Under TLS the handshake is complete and nothing about the peer has been verified; the
    /// owner may close the stream here.
    func messageStreamOpened(_ stream: MessageStream)
    /// A message came, whatever it is.
    func messageStream(_ stream: MessageStream, received message: [UInt8])
    /// Nothing more will come, for the given reason; nothing is told after that.
    func messageStream(_ stream: MessageStream, ended failure: QueryFailure)
}

/// One connection on which messages travel behind their length of two octets (RFC 1035 §4.2.2), in clear or under TLS
/// from the first octet (RFC 7858 §3.1).
final class MessageStream {
    private enum Phase {
        case dialling
        case handshaking
        case open
        case closed
    }

    private let address: SocketAddress
    private let resources: ChannelResources
    private let session: TLSSession?
    private weak var owner: (any MessageStreamOwner)?
    private var phase = Phase.dialling
    private var dial: PendingDial?
    private var connection: TCPConnection?
    private var deadline: LoopTimer?
    private var received: [UInt8] = []

    /// For connection and handshake together; who asks waits less long.
    private static let openingDeadline = Duration.seconds(8)
    /// How long the last octets may take to leave.
    private static let parting = Duration.seconds(1)
    private static let lengthOctets = 2
    private static let closedByServer = QueryFailure.unreachable("the server closed the connection")

    /// - Parameter session: The client side of TLS; nil for a stream in clear.
    init(to address: SocketAddress, session: TLSSession?, _ resources: ChannelResources, owner: any MessageStreamOwner)
    {
        self.address = address
        self.session = session
        self.resources = resources
        self.owner = owner
    }

    /// The certificates that the peer presented, its own first; none in clear.
    var peerCertificates: [PeerCertificate] { session?.peerCertificates ?? [] }

    /// Connects; the owner is never told before this has returned.
    func open() {
        deadline = resources.loop.schedule(after: Self.openingDeadline) { [weak self] in
            self?.end(.unreachable("no connection in time"))
        }
        dial = TCPConnection.dial(to: address, on: resources.loop, deadline: Self.openingDeadline) {
            [weak self] outcome in
            self?.dialled(outcome)
        }
    }

    /// Sends a message of at most 65,535 octets, its length in the same write (RFC 7766 §8) and the same TLS record.
    func send(_ message: [UInt8]) {
        guard phase == .open, let connection, let length = UInt16(exactly: message.count) else { return }
        guard !connection.isFull else {
            resources.loop.afterTurn { [weak self] in self?.end(.unreachable("the server takes no more")) }
            return
        }
        let framed = [UInt8(length >> 8), UInt8(length & 0xFF)] + message
        guard let session else { return connection.write(framed) }
        do throws(TLSFailure) {
            try connection.withOutputBuffer { (output: inout [UInt8]) throws(TLSFailure) in
                try framed.withUnsafeBytes { octets in
                    Result { () throws(TLSFailure) in try session.send(octets, output: &output) }
                }.get()
            }
        } catch {
            resources.loop.afterTurn { [weak self] in self?.end(.encryptionFailed("\(error)")) }
        }
    }

    /// Ends in order; the owner is told nothing more.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        deadline?.cancel()
        dial?.cancel()
        dial = nil
        received = []
        guard let connection else { return }
        self.connection = nil
        if let session { connection.withOutputBuffer { session.sendCloseNotify(output: &$0) } }
        connection.closeAfterFlush(within: Self.parting)
    }

    private func dialled(_ outcome: Result<TCPConnection, ConnectionFailure>) {
        dial = nil
        switch outcome {
        case .failure(let failure):
            end(.unreachable("\(failure)"))
        case .success(let connection):
            self.connection = connection
            connection.delegate = self
            guard let session else { return becameOpen() }
            phase = .handshaking
            var output: [UInt8] = []
            do throws(TLSFailure) {
                try session.startHandshake(output: &output)
                connection.write(output)
            } catch {
                end(.encryptionFailed("\(error)"))
            }
        }
    }

    private func becameOpen() {
        phase = .open
        deadline?.cancel()
        owner?.messageStreamOpened(self)
    }

    private func end(_ failure: QueryFailure) {
        guard phase != .closed else { return }
        close()
        owner?.messageStream(self, ended: failure)
    }

    private func decrypt(_ octets: UnsafeRawBufferPointer, by session: TLSSession, on connection: TCPConnection) {
        var output: [UInt8] = []
        do throws(TLSFailure) {
            let progress = try session.receive(octets, scratch: resources.plaintext, output: &output) {
                received.append(contentsOf: $0)
            }
            if !output.isEmpty { connection.write(output) }
            if progress.contains(.handshakeCompleted) { becameOpen() }
            deliver()
            if progress.contains(.closedByPeer) { end(Self.closedByServer) }
        } catch {
            // The alert leaves before the end; what had arrived intact counts.
            if !output.isEmpty { connection.write(output) }
            deliver()
            end(.encryptionFailed("\(error)"))
        }
    }

    /// Hands on every message that is complete.
    private func deliver() {
        var start = 0
        while phase == .open, received.count - start >= Self.lengthOctets {
            let end = start + Self.lengthOctets + (Int(received[start]) << 8 | Int(received[start + 1]))
            guard received.count >= end else { break }
            let message = Array(received[start + Self.lengthOctets..<end])
            start = end
            owner?.messageStream(self, received: message)
        }
        guard phase == .open else { return }
        // An idle stream keeps no buffer.
        if start == received.count { received = [] } else { received.removeFirst(start) }
    }
}

extension MessageStream: TCPConnectionDelegate {
    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        guard phase != .closed else { return }
        if let session {
            decrypt(bytes, by: session, on: connection)
        } else {
            received.append(contentsOf: bytes)
            deliver()
        }
    }

    func connectionReachedEnd(_ connection: TCPConnection) {
        end(
            phase == .handshaking
                ? .encryptionFailed("\(TLSFailure.truncated(duringHandshake: true))") : Self.closedByServer)
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) {
        end(.unreachable("\(failure)"))
    }
}
