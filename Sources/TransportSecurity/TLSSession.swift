internal import COpenSSL

/// One TLS session without a socket: ciphertext in, plaintext out, and the other way round.
///
/// It belongs to one loop. It asks for the peer's certificates, keeps them, and trusts nobody: every certificate, or
/// none, completes the handshake, and `DomainAssociation` judges (RFC 6120 §5.4.3.1, RFC 7712 §4.1). Between two calls
/// it holds no buffer of its own, only what OpenSSL keeps of an incomplete record.
public final class TLSSession {
    /// How far the session has come.
    public enum State: Hashable, Sendable {
        /// No application data yet.
        case handshaking
        /// Application data in both directions.
        case established
        /// The peer sent close_notify: nothing more will come, and we may still send.
        case closedByPeer
        /// Over. Every further call throws the same failure.
        case failed(TLSFailure)
    }

    /// What one call of ``receive(_:scratch:output:plaintext:)`` brought about.
    public struct Progress: OptionSet, Hashable, Sendable {
        /// The bits of the set.
        public let rawValue: UInt8
        /// The set with these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The handshake became complete during this call.
        public static let handshakeCompleted = Progress(rawValue: 1)
        /// close_notify arrived during this call.
        public static let closedByPeer = Progress(rawValue: 2)
    }

    /// How far the session has come.
    public internal(set) var state: State = .handshaking

    let context: TLSContext
    /// Chosen before the handshake, as STARTTLS does by the stream header; it comes before any server name.
    let identity: TLSIdentity?
    /// Offered by a client; demanded by a server of clients that offer any.
    let applicationProtocols: [String]
    let ssl: OpaquePointer
    private let exchange = RecordExchange()
    private var hasSentCloseNotify = false

    // Written by the callbacks while OpenSSL runs.
    var alertSent: TLSAlert?
    var alertReceived: TLSAlert?
    var certificateWasRequested = false

    /// Makes a session; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - context: Gives the role.
    ///   - serverName: What a client asks for: the XMPP domain in A-labels, never an SRV target (XEP-0368 §3).
    ///   - applicationProtocols: ALPN, such as `["xmpp-server"]` on direct TLS. A client offers them; a server refuses
    ///     a client that offers others only, and accepts one that offers none. Empty for STARTTLS.
    ///   - identity: Our identity when it is known already; a server's choice by server name is then left out.
    /// - Throws: ``TLSContextFailure`` when memory or a parameter fails.
    public init(
        context: TLSContext, serverName: String? = nil, applicationProtocols: [String] = [],
        identity: TLSIdentity? = nil
    ) throws(TLSContextFailure) {
        ERR_clear_error()
        guard let ssl = SSL_new(context.handle) else { throw TLSContextFailure(reason: OpenSSLError.takeReason()) }
        self.context = context
        self.identity = identity
        self.applicationProtocols = applicationProtocols
        self.ssl = ssl
        guard let bio = exchange.makeBIO() else { throw TLSContextFailure(reason: OpenSSLError.takeReason()) }
        SSL_set_bio(ssl, bio, bio)
        attachToCallbacks()
        switch context.role {
        case .server:
            SSL_set_accept_state(ssl)
        case .client:
            SSL_set_connect_state(ssl)
            try announce(serverName)
        }
    }

    deinit { SSL_free(ssl) }

    /// Starts the handshake: a client puts its ClientHello in `output`; a server only waits.
    ///
    /// - Throws: ``TLSFailure/handshakeFailed(reason:alertSent:)``.
    public func startHandshake(output: inout [UInt8]) throws(TLSFailure) {
        guard state == .handshaking else { return }
        ERR_clear_error()
        exchange.lend(UnsafeRawBufferPointer(start: nil, count: 0), &output) { advanceHandshake() }
        if case .failed(let failure) = state { throw failure }
    }

    /// Takes what the transport delivered; everything is consumed or kept aside when this returns.
    ///
    /// All plaintext of the call comes in at most one call of `plaintext`, after OpenSSL has finished, so that it may
    /// use this session, or drop it. `output` stays borrowed until this returns: what `plaintext` wants to send goes to
    /// another buffer. What had arrived intact before a failure is delivered, and then the failure is thrown; after
    /// that nothing is delivered any more. ``state`` is up to date when `plaintext` runs.
    ///
    /// - Parameters:
    ///   - scratch: The loop's buffer for decrypted bytes.
    ///   - output: What has to be sent: handshake messages, alerts (on failure too).
    /// - Throws: ``TLSFailure``.
    @discardableResult
    public func receive(
        _ ciphertext: UnsafeRawBufferPointer, scratch: PlaintextBuffer, output: inout [UInt8],
        plaintext: (UnsafeRawBufferPointer) -> Void
    ) throws(TLSFailure) -> Progress {
        if case .failed(let failure) = state { throw failure }
        // What follows close_notify does not belong to the session (RFC 8446 §6.1).
        guard state != .closedByPeer else { return [] }
        // Another session's bytes are being read further up the stack.
        let scratch = scratch.isInUse ? PlaintextBuffer() : scratch
        scratch.prepare(capacity: ciphertext.count + Self.maximumPlaintext + 1)

        ERR_clear_error()
        let wasHandshaking = state == .handshaking
        exchange.lend(ciphertext, &output) {
            if wasHandshaking { advanceHandshake() }
            if state == .established { readRecords(into: scratch) }
        }
        let outcome = state
        var progress: Progress = []
        if wasHandshaking, outcome == .established || outcome == .closedByPeer { progress.insert(.handshakeCompleted) }
        if outcome == .closedByPeer { progress.insert(.closedByPeer) }
        if !scratch.isEmpty { scratch.read(plaintext) }
        if case .failed(let failure) = outcome { throw failure }
        return progress
    }

    /// Encrypts a batch: the larger, the cheaper. Records are filled to 16 KiB.
    ///
    /// - Throws: ``TLSFailure``, also before the handshake is complete and after ``sendCloseNotify(output:)``.
    public func send(_ plaintext: UnsafeRawBufferPointer, output: inout [UInt8]) throws(TLSFailure) {
        switch state {
        case .failed(let failure): throw failure
        case .handshaking: throw .notEstablished
        case .established, .closedByPeer: break
        }
        guard !hasSentCloseNotify else { throw .closed }
        guard !plaintext.isEmpty else { return }
        ERR_clear_error()
        exchange.lend(UnsafeRawBufferPointer(start: nil, count: 0), &output) {
            var written = 0
            if SSL_write_ex(ssl, plaintext.baseAddress, plaintext.count, &written) != 1 {
                state = .failed(failure(inHandshake: false))
            }
        }
        if case .failed(let failure) = state { throw failure }
    }

    /// Ends our direction in order; a second call, and one before the handshake is complete, adds nothing.
    public func sendCloseNotify(output: inout [UInt8]) {
        guard !hasSentCloseNotify, state == .established || state == .closedByPeer else { return }
        hasSentCloseNotify = true
        ERR_clear_error()
        exchange.lend(UnsafeRawBufferPointer(start: nil, count: 0), &output) { _ = SSL_shutdown(ssl) }
    }

    /// Says that the transport has ended: nothing more will be received.
    ///
    /// - Throws: ``TLSFailure/truncated(duringHandshake:)`` unless close_notify came first, and an earlier failure.
    public func transportEnded() throws(TLSFailure) {
        switch state {
        case .closedByPeer: return
        case .failed(let failure): throw failure
        case .handshaking: state = .failed(.truncated(duringHandshake: true))
        case .established: state = .failed(.truncated(duringHandshake: false))
        }
        if case .failed(let failure) = state { throw failure }
    }

    /// Plays a peer that renegotiates under TLS 1.2. Only tests call it; no code of ours ever does.
    func attemptRenegotiation(output: inout [UInt8]) {
        ERR_clear_error()
        exchange.lend(UnsafeRawBufferPointer(start: nil, count: 0), &output) {
            if ligase_SSL_renegotiate(ssl) == 1 { SSL_do_handshake(ssl) }
        }
        ERR_clear_error()
    }

    // MARK: Inside OpenSSL

    private static let maximumPlaintext = 16384

    private func announce(_ serverName: String?) throws(TLSContextFailure) {
        if let serverName, ligase_SSL_set_host_name(ssl, serverName) != 1 {
            throw TLSContextFailure(reason: "server name: \(OpenSSLError.takeReason())")
        }
        guard !applicationProtocols.isEmpty else { return }
        let list = applicationProtocols.flatMap { [UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) }
        // The only call of this library that returns zero for success.
        if SSL_set_alpn_protos(ssl, list, UInt32(list.count)) != 0 {
            throw TLSContextFailure(reason: "application protocols: \(OpenSSLError.takeReason())")
        }
    }

    private func advanceHandshake() {
        let result = SSL_do_handshake(ssl)
        if result == 1 {
            state = .established
        } else if SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ {
            state = .failed(failure(inHandshake: true))
        }
    }

    private func readRecords(into scratch: PlaintextBuffer) {
        var isComplete = false
        while !isComplete {
            var count = 0
            let free = scratch.free
            if SSL_read_ex(ssl, free.baseAddress, free.count, &count) == 1 {
                scratch.advance(by: count)
                // Asking once more would only make OpenSSL take and release a record buffer.
                isComplete = exchange.isInputConsumed && SSL_has_pending(ssl) == 0
            } else {
                isComplete = true
                switch SSL_get_error(ssl, 0) {
                case SSL_ERROR_WANT_READ: break
                case SSL_ERROR_ZERO_RETURN: state = .closedByPeer
                default: state = .failed(failure(inHandshake: false))
                }
            }
        }
        // OpenSSL only declines with a warning and goes on; we do not (RFC 6120 §5.3.5).
        if alertSent == .noRenegotiation { state = .failed(.renegotiationAttempted) }
    }

    private func failure(inHandshake: Bool) -> TLSFailure {
        let reason = OpenSSLError.takeReason()
        if let alertReceived, alertReceived != .closeNotify { return .alertReceived(alertReceived) }
        return inHandshake
            ? .handshakeFailed(reason: reason, alertSent: alertSent)
            : .recordRejected(reason: reason, alertSent: alertSent)
    }
}
