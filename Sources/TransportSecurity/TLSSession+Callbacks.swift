internal import COpenSSL

/// What OpenSSL asks a session during its handshake. The functions run only inside calls of that session.
extension TLSSession {
    /// Sets the functions that every session of a context shares.
    static func installCallbacks(on context: OpaquePointer, role: TLSContext.Role) {
        // Ask always, demand never, and accept whatever comes: trust is decided elsewhere.
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(context, { _, _ in 1 }, nil)
        SSL_CTX_set_info_callback(context) { ssl, location, value in
            guard location & SSL_CB_ALERT != 0 else { return }
            let alert = TLSAlert(rawValue: UInt8(truncatingIfNeeded: value))
            TLSSession.with(ssl) {
                if location & SSL_CB_WRITE != 0 { $0.alertSent = alert } else { $0.alertReceived = alert }
            }
        }
        SSL_CTX_set_cert_cb(context, { ssl, _ in TLSSession.with(ssl) { $0.chooseIdentity() } ?? 0 }, nil)
        guard role == .server else { return }
        SSL_CTX_set_alpn_select_cb(
            context,
            { ssl, selected, selectedCount, offered, offeredCount, _ in
                let offer = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
                guard let session = TLSSession.session(of: ssl) else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                guard !session.applicationProtocols.isEmpty else { return SSL_TLSEXT_ERR_NOACK }
                guard let range = session.acceptedProtocol(in: offer) else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                selected?.pointee = offer.baseAddress.map { $0 + range.lowerBound }
                selectedCount?.pointee = UInt8(range.count)
                return SSL_TLSEXT_ERR_OK
            }, nil)
    }

    /// Lets the callbacks find this session again.
    func attachToCallbacks() {
        // Unretained: the callbacks run only while a method of this object does.
        SSL_set_ex_data(ssl, Self.sessionIndex, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Index 0 is reserved for the application (`SSL_set_app_data`).
    private static let sessionIndex: Int32 = 0

    private static func session(of ssl: OpaquePointer?) -> TLSSession? {
        guard let ssl, let data = SSL_get_ex_data(ssl, sessionIndex) else { return nil }
        return Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    }

    @discardableResult
    private static func with<Result>(_ ssl: OpaquePointer?, _ body: (TLSSession) -> Result) -> Result? {
        session(of: ssl).map(body)
    }

    /// 1 to go on, also without an identity, which ends a server's handshake and not a client's; 0 to give up.
    private func chooseIdentity() -> Int32 {
        if context.role == .client { certificateWasRequested = true }
        guard let chosen = identity ?? identityByServerName ?? context.defaultIdentity else { return 1 }
        return chosen.install(on: ssl) ? 1 : 0
    }

    private var identityByServerName: TLSIdentity? {
        guard let lookup = context.identityLookup, var name = requestedServerName?.lowercased() else { return nil }
        if name.hasSuffix(".") { name.removeLast() }
        return lookup(name)
    }

    /// Where the first offered protocol that we speak stands in the offer (RFC 7301 §3.1: octet, then name).
    private func acceptedProtocol(in offer: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var position = 0
        while position < offer.count {
            let start = position + 1
            let end = start + Int(offer[position])
            guard end <= offer.count else { return nil }
            if applicationProtocols.contains(where: { $0.utf8.elementsEqual(offer[start..<end]) }) {
                return start..<end
            }
            position = end
        }
        return nil
    }
}

extension TLSContext {
    /// Plays a server that takes no client's certificate. Only tests call it; no code of ours ever does.
    func refuseCertificates() { SSL_CTX_set_cert_verify_callback(handle, { _, _ in 0 }, nil) }
}
