import Glibc
import TestSupport

@testable import TransportSecurity

/// A foreign server that a test plays byte by byte, in clear and under TLS.
final class Peer {
    private let connection: ByteConnection
    private(set) var session: TLSSession?
    private let scratch = PlaintextBuffer()
    private var buffer: [UInt8] = []
    /// Everything that came on the socket, encrypted or not.
    private(set) var received: [UInt8] = []
    private(set) var hasEnded = false
    private(set) var hasSeenCloseNotify = false
    /// Why TLS ended, if it did.
    private(set) var failure: TLSFailure?

    static let patience = Duration.seconds(15)

    init(dialling endpoint: Endpoint, from source: LoopbackAddress? = nil) throws {
        connection = try ByteConnection(to: endpoint, from: source)
    }

    init(accepted connection: ByteConnection) {
        self.connection = connection
    }

    // MARK: - Bytes

    /// Sends text, under TLS where there is TLS.
    func send(_ text: String, within limit: Duration = .seconds(10)) throws {
        let bytes = Array(text.utf8)
        guard let session else { return try connection.send(bytes, within: limit) }
        var output: [UInt8] = []
        try bytes.withUnsafeBytes { buffer in try session.send(buffer, output: &output) }
        try connection.send(output, within: limit)
    }

    /// Sends bytes as they are, below TLS.
    func sendRaw(_ bytes: [UInt8]) throws { try connection.send(bytes) }

    /// What was read up to the end of `marker`.
    @discardableResult
    func read(until marker: String, within limit: Duration = Peer.patience) throws -> String {
        let deadline = Deadline.after(limit)
        let wanted = Array(marker.utf8)
        var searched = 0
        while true {
            if let end = Self.end(of: wanted, in: buffer, from: max(0, searched - wanted.count)) {
                let text = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end)
                return text
            }
            searched = buffer.count
            guard !hasEnded else {
                throw HarnessFailure.malformed(
                    "the end in place of \(marker): \(String(decoding: buffer, as: UTF8.self))")
            }
            try receive(before: deadline, awaiting: marker)
        }
    }

    private static func end(of wanted: [UInt8], in buffer: [UInt8], from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress else { return nil }
            var position = start
            while position + wanted.count <= bytes.count {
                let rest = bytes.count - wanted.count + 1 - position
                guard let found = memchr(base + position, Int32(wanted[0]), rest) else { return nil }
                position = UnsafeRawPointer(found) - base
                if memcmp(found, wanted, wanted.count) == 0 { return position + wanted.count }
                position += 1
            }
            return nil
        }
    }

    /// Everything up to the end of the connection.
    @discardableResult
    func readToEnd(within limit: Duration = Peer.patience) throws -> String {
        let deadline = Deadline.after(limit)
        while !hasEnded { try receive(before: deadline, awaiting: "the end of the connection") }
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// What comes within a time in which nothing need come.
    func readWhatComes(within limit: Duration) throws -> String {
        let deadline = Deadline.after(limit)
        while !hasEnded, !deadline.hasPassed {
            do {
                try receive(before: deadline, awaiting: "")
            } catch HarnessFailure.timedOut {
                break
            }
        }
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    private func receive(before deadline: Deadline, awaiting awaited: String) throws {
        let bytes: [UInt8]
        do {
            bytes = try connection.receive(before: deadline)
        } catch HarnessFailure.timedOut {
            let got = String(decoding: buffer, as: UTF8.self)
            throw HarnessFailure.timedOut(awaiting: awaited, log: got)
        }
        guard !bytes.isEmpty else {
            hasEnded = true
            return
        }
        received += bytes
        guard let session else { return buffer += bytes }
        var output: [UInt8] = []
        do {
            try bytes.withUnsafeBytes { input in
                let progress = try session.receive(input, scratch: scratch, output: &output) { buffer += $0 }
                if progress.contains(.closedByPeer) { hasSeenCloseNotify = true }
            }
        } catch {
            failure = error as? TLSFailure
            hasEnded = true
        }
        if !output.isEmpty { try? connection.send(output) }
    }

    /// Makes the end of the connection a reset, when the peer is let go.
    func endByReset() { connection.endByReset() }

    // MARK: - TLS

    /// Negotiates TLS as client.
    func secure(
        presenting identity: TLSIdentity?, serverName: String? = nil, protocols: [String] = [],
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    ) throws {
        try negotiate(
            TLSSession(
                context: .client(identity: identity, versions: versions), serverName: serverName,
                applicationProtocols: protocols))
    }

    /// Negotiates TLS as server.
    ///
    /// - Parameters:
    ///   - refusesCertificates: Whether a client that presents a certificate is refused by an alert.
    ///   - asked: Told of the server name that the client asks for.
    func secureAsServer(
        with identity: TLSIdentity, versions: ClosedRange<TLSVersion> = .tls12 ... .tls13,
        refusesCertificates: Bool = false, asked: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let context = try TLSContext.server(defaultIdentity: identity, versions: versions) { name in
            asked(name)
            return nil
        }
        if refusesCertificates { context.refuseCertificates() }
        try negotiate(TLSSession(context: context))
    }

    private func negotiate(_ session: TLSSession) throws {
        self.session = session
        var output: [UInt8] = []
        try session.startHandshake(output: &output)
        if !output.isEmpty { try connection.send(output) }
        // What came in clear before its turn belongs to TLS.
        let early = buffer
        buffer = []
        if !early.isEmpty {
            var answer: [UInt8] = []
            try early.withUnsafeBytes { input in
                _ = try session.receive(input, scratch: scratch, output: &answer) { buffer += $0 }
            }
            try connection.send(answer)
        }
        let deadline = Deadline.after(Self.patience)
        while !session.isEstablished {
            guard !hasEnded else {
                throw HarnessFailure.malformed("TLS ended: \(failure.map { "\($0)" } ?? "connection closed")")
            }
            try receive(before: deadline, awaiting: "the TLS handshake")
        }
    }

    /// Asks for another handshake under TLS 1.2.
    func renegotiate() throws {
        var output: [UInt8] = []
        session?.attemptRenegotiation(output: &output)
        try connection.send(output)
    }

    func sendCloseNotify() throws {
        var output: [UInt8] = []
        session?.sendCloseNotify(output: &output)
        try connection.send(output)
    }
}
