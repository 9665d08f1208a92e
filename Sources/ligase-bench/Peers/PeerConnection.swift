internal import EventLoops
internal import TransportSecurity

/// One connection of the load generator, in clear or under TLS: bytes in, bytes out, and no XML parser.
final class PeerConnection {
    let connection: TCPConnection
    private let scratch: PlaintextBuffer
    private(set) var session: TLSSession?
    /// Plaintext came.
    var received: ((UnsafeRawBufferPointer) -> Void)?
    /// The TLS handshake is complete.
    var secured: (() -> Void)?
    /// The peer ended, in whatever way; told once.
    var ended: ((String) -> Void)?

    init(_ connection: TCPConnection, scratch: PlaintextBuffer) {
        self.connection = connection
        self.scratch = scratch
        connection.delegate = self
    }

    /// Sends bytes; under TLS each call makes a record of its own, and all records of a turn leave in one write.
    func write(_ bytes: UnsafeRawBufferPointer) {
        guard let session else { return connection.write(bytes) }
        do throws(TLSFailure) {
            try connection.withOutputBuffer { (output: inout [UInt8]) throws(TLSFailure) in
                try session.send(bytes, output: &output)
            }
        } catch {
            end("TLS: \(error)")
        }
    }

    func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Goes on under TLS, in the role of the session's context.
    func startTLS(_ session: TLSSession) {
        self.session = session
        var output: [UInt8] = []
        do throws(TLSFailure) {
            try session.startHandshake(output: &output)
        } catch {
            end("TLS: \(error)")
        }
        if !output.isEmpty { connection.write(output) }
    }

    /// Ends in order. Nothing is told after that but the completion.
    func close(completion: (() -> Void)? = nil) {
        ended = nil
        if let session { connection.withOutputBuffer { session.sendCloseNotify(output: &$0) } }
        connection.closeAfterFlush(completion: completion)
    }

    private func end(_ reason: String) {
        let ended = ended
        self.ended = nil
        ended?(reason)
    }
}

extension PeerConnection: TCPConnectionDelegate {
    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        guard let session else {
            received?(bytes)
            return
        }
        var output: [UInt8] = []
        var isOver = false
        do throws(TLSFailure) {
            var early: [UInt8] = []
            let progress = try session.receive(bytes, scratch: scratch, output: &output) { plaintext in
                // What came with the last handshake message waits until its owner knows of the handshake.
                if secured != nil { early = Array(plaintext) } else { received?(plaintext) }
            }
            if !output.isEmpty { connection.write(output) }
            if progress.contains(.handshakeCompleted) {
                secured?()
                secured = nil
            }
            if !early.isEmpty { early.withUnsafeBytes { received?($0) } }
            isOver = progress.contains(.closedByPeer)
        } catch {
            if !output.isEmpty { connection.write(output) }
            return end("TLS: \(error)")
        }
        if isOver { end("closed") }
    }

    func connectionReachedEnd(_ connection: TCPConnection) { end("closed") }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) { end("\(failure)") }
}
