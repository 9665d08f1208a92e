internal import TransportSecurity

/// One session of TLS with what went in and out of it.
struct TLSParty {
    private let session: TLSSession
    private let scratch = PlaintextBuffer()
    private var output: [UInt8] = []
    private var hasSent = false
    private var failure: TLSFailure?
    /// The plaintext that arrived.
    private(set) var delivered: [UInt8] = []

    init(_ context: TLSContext) throws(PropertyViolation) {
        let isClient = context.role == .client
        guard
            let session = try? TLSSession(
                context: context, serverName: isClient ? "a.example" : nil, applicationProtocols: ["xmpp-server"])
        else { throw PropertyViolation("the test's own session cannot be made") }
        self.session = session
    }

    /// Whether application data could flow at some time.
    var isEstablished: Bool { session.isEstablished }

    mutating func start() { try? session.startHandshake(output: &output) }

    mutating func receive(_ piece: ArraySlice<UInt8>) throws(PropertyViolation) {
        guard !piece.isEmpty else { return }
        var arrived: [UInt8] = []
        let outcome = piece.withUnsafeBytes { bytes in
            Result { () throws(TLSFailure) in
                try session.receive(bytes, scratch: scratch, output: &output) { arrived += $0 }
            }
        }
        if let failure {
            try require(arrived.isEmpty, "plaintext behind a failure")
            try require(outcome == .failure(failure), "\(failure) became \(outcome)")
        }
        if case .failure(let error) = outcome {
            try require(!"\(error)".isEmpty, "a failure without words")
            failure = error
        }
        try require(arrived.isEmpty || session.isEstablished, "plaintext before the handshake is complete")
        delivered += arrived
        try require(output.count < 65_536, "\(output.count) octets wait to be sent")
        _ = session.peerCertificates
        _ = session.requestedServerName
        _ = session.negotiatedApplicationProtocol
    }

    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Sends application data as soon as it is allowed, and says goodbye.
    mutating func sendOnce(_ octets: [UInt8]) {
        guard !hasSent, session.state == .established else { return }
        hasSent = true
        octets.withUnsafeBytes { try? session.send($0, output: &output) }
    }

    mutating func end() {
        session.sendCloseNotify(output: &output)
        try? session.transportEnded()
    }
}
