internal import DequeModule
internal import EventLoops
internal import TransportSecurity
internal import XMLStreaming
internal import XMPPModel

/// Who is told what a wire carries; on the wire's loop.
protocol XMLWireOwner: AnyObject {
    /// Something arrived. After ``XMLWire/startTLS(_:)`` or ``XMLWire/finish(within:completion:)`` the rest of the same
    /// bytes is dropped.
    func wire(_ wire: XMLWire, received event: XMLStreamEvent)
    /// The TLS handshake is complete.
    func wireSecured(_ wire: XMLWire)
    /// Nothing more will come; nothing is told after that.
    func wire(_ wire: XMLWire, ended end: XMLWire.End)
    /// There is room again after the wire was full.
    func wireDrained(_ wire: XMLWire)
}

/// One connection that carries XML, with or without TLS: bytes to events on the way in, elements to bytes on the way
/// out, once for each turn of the loop.
final class XMLWire {
    /// How a wire ended.
    enum End: Hashable, Sendable {
        /// The peer ended it, in order or not; a partial stanza was never seen.
        case closedByPeer
        /// The connection broke.
        case broken(String)
        /// The TLS handshake, or a record, was not acceptable. No XML may follow (TL-06).
        case tlsFailed(String)
    }

    /// One flush's worth of stanzas, ours until its last octet has left.
    private struct Segment {
        var end: UInt64
        var stanzas: [Stanza]
    }

    let connection: TCPConnection
    private let resources: LoopResources
    weak var owner: (any XMLWireOwner)?
    private(set) var session: TLSSession?
    private let contentNamespace: String
    private var parser: XMLStreamParser
    /// Counts new parsers: what the old one still held is dropped (TL-03).
    private var epoch = 0
    private var outgoing: [UInt8] = []
    /// Where records are cut, so that each holds whole stanzas.
    private var cuts: [(end: Int, stanzas: [Stanza])] = []
    private var lastCut = 0
    private var pendingStanzas: [Stanza] = []
    private var inFlight: Deque<Segment> = []
    private var isFlushScheduled = false
    private var isInSweep = false
    private(set) var isFinished = false
    private(set) var lastReceived: LoopTime
    private var throttle: ByteThrottle?
    private var isPausedByOwner = false
    private var isThrottled = false

    /// What one TLS record holds at most.
    private static let recordSize = 16_384
    /// How long the last octets may take when the peer has ended already.
    private static let parting = Duration.seconds(1)

    init(
        _ connection: TCPConnection, _ resources: LoopResources, contentNamespace: String, limits: XMLLimits,
        session: TLSSession? = nil, bytesPerSecond: Int? = nil
    ) {
        self.connection = connection
        self.resources = resources
        self.contentNamespace = contentNamespace
        self.session = session
        parser = XMLStreamParser(limits: limits, contentNamespace: contentNamespace)
        parser.pausesAfterElement = true
        lastReceived = resources.loop.now
        throttle = bytesPerSecond.map { ByteThrottle(bytesPerSecond: $0) }
        connection.delegate = self
    }

    /// Whether the owner should produce no more until ``XMLWireOwner/wireDrained(_:)``.
    var isFull: Bool { connection.isFull || outgoing.count >= connection.highWaterMark }

    /// Whether the socket has taken everything.
    var hasLeft: Bool { outgoing.isEmpty && connection.bufferedBytes == 0 }

    /// How many stanzas the socket has not taken yet.
    var unsentStanzas: Int {
        inFlight.filter { $0.end > connection.bytesSent }.reduce(0) { $0 + $1.stanzas.count }
            + cuts.reduce(0) { $0 + $1.stanzas.count } + pendingStanzas.count
    }

    // MARK: - Output

    func send(_ header: StreamHeader) { write { $0 += XMLWriter.header(header) } }

    func send(_ element: XMLElement) {
        write { XMLWriter.append(element, contentNamespace: contentNamespace, to: &$0) }
    }

    func sendClosingTag() { write { $0 += XMLWriter.closing } }

    func sendWhitespace() { write { $0.append(UInt8(ascii: " ")) } }

    /// Adds stanzas to what leaves at the end of the turn.
    func send(_ stanzas: [Stanza]) {
        write { output in
            var first = 0
            for index in stanzas.indices {
                let size = stanzas[index].byteCount
                if output.count > lastCut, output.count - lastCut + size > Self.recordSize {
                    keep(stanzas[first..<index])
                    first = index
                    cut(at: output.count)
                }
                stanzas[index].append(to: &output)
            }
            if first == 0, pendingStanzas.isEmpty {
                // The usual case: the whole batch is kept as it is.
                pendingStanzas = stanzas
            } else {
                keep(stanzas[first...])
            }
        }
    }

    private func keep(_ stanzas: ArraySlice<Stanza>) { pendingStanzas += stanzas }

    private func cut(at end: Int) {
        cuts.append((end, pendingStanzas))
        lastCut = end
        pendingStanzas = []
    }

    private func write(_ body: (inout [UInt8]) -> Void) {
        guard !isFinished else { return }
        if outgoing.capacity == 0 { outgoing = resources.takeBuffer() }
        body(&outgoing)
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        resources.hasOutput(self)
    }

    /// Hands what was collected to the connection, encrypted.
    func flush() {
        isFlushScheduled = false
        forgetWhatLeft()
        guard !outgoing.isEmpty else { return }
        cut(at: outgoing.count)
        let bytes = outgoing
        let segments = cuts
        outgoing = []
        cuts = []
        lastCut = 0
        var start = 0
        for segment in segments {
            let range = start..<segment.end
            start = segment.end
            let buffered = connection.bufferedBytes
            bytes.withUnsafeBytes { transmit(UnsafeRawBufferPointer(rebasing: $0[range])) }
            guard !segment.stanzas.isEmpty else { continue }
            // A connection that breaks takes nothing more: then the stanzas never leave.
            let isTaken = connection.bufferedBytes > buffered
            let end = isTaken ? connection.bytesSent + UInt64(connection.bufferedBytes) : .max
            inFlight.append(Segment(end: end, stanzas: segment.stanzas))
        }
        resources.returnBuffer(bytes)
        watch()
    }

    /// Has the wire looked at until it is quiet, so that it keeps neither a parser nor stanzas that have left.
    private func watch() {
        guard !isInSweep else { return }
        isInSweep = true
        resources.becameActive(self)
    }

    private func transmit(_ bytes: UnsafeRawBufferPointer) {
        guard let session else { return connection.write(bytes) }
        do throws(TLSFailure) {
            try connection.withOutputBuffer { (output: inout [UInt8]) throws(TLSFailure) in
                try session.send(bytes, output: &output)
            }
        } catch {
            fail(.tlsFailed("\(error)"))
        }
    }

    private func forgetWhatLeft() {
        while let first = inFlight.first, first.end <= connection.bytesSent { inFlight.removeFirst() }
    }

    /// Stanzas whose last octet the socket has not taken, in order; they are the caller's again.
    func takeUnsent() -> [Stanza] {
        forgetWhatLeft()
        var stanzas = inFlight.flatMap(\.stanzas)
        stanzas += cuts.flatMap(\.stanzas)
        stanzas += pendingStanzas
        inFlight = []
        cuts = []
        lastCut = 0
        pendingStanzas = []
        return stanzas
    }

    // MARK: - Phases

    /// Goes on under TLS: what was collected leaves in clear first, then nothing more in clear.
    func startTLS(_ session: TLSSession) {
        flush()
        renewParser()
        self.session = session
        startHandshake()
    }

    /// Begins the handshake of a wire that was made with a session.
    func startHandshake() {
        guard let session else { return }
        var output: [UInt8] = []
        do throws(TLSFailure) {
            try session.startHandshake(output: &output)
            if !output.isEmpty { connection.write(output) }
        } catch {
            fail(.tlsFailed("\(error)"))
        }
    }

    /// A new stream follows on the same connection.
    func restart() { renewParser() }

    private func renewParser() {
        epoch += 1
        parser = XMLStreamParser(limits: parser.limits, contentNamespace: contentNamespace)
        parser.pausesAfterElement = true
    }

    /// From here on stanzas flow: the peer may send more, and nothing stops behind an element.
    func establish(limits: XMLLimits) {
        parser.limits = limits
        parser.pausesAfterElement = false
        // Many streams are quiet for long from here on, and a parser is made again for next to nothing: thousands that
        // open at the same time do not hold theirs together.
        resources.loop.afterTurn { [weak self] in self?.parser.releaseIdleMemory() }
    }

    /// Ends output in order (TLS first), lets it leave, and takes no more input.
    ///
    /// - Parameter completion: Called when the socket is gone.
    func finish(within limit: Duration, completion: (() -> Void)? = nil) {
        guard !isFinished else { return }
        flush()
        isFinished = true
        epoch += 1
        if let session { connection.withOutputBuffer { session.sendCloseNotify(output: &$0) } }
        connection.closeAfterFlush(within: limit, completion: completion)
    }

    /// Ends because of something that the owner met.
    func fail(_ end: End) { resources.loop.afterTurn { [weak self] in self?.end(end) } }

    /// Ends at once.
    func abort() {
        guard !isFinished else { return }
        isFinished = true
        epoch += 1
        connection.close()
    }

    // MARK: - Input

    /// Takes no more input until ``resume()``.
    func pause() {
        isPausedByOwner = true
        connection.pauseReading()
    }

    func resume() {
        isPausedByOwner = false
        if !isThrottled { connection.resumeReading() }
    }

    /// Frees the parser when nothing has come for so long. False when it is too early.
    func releaseIfQuiet(since now: LoopTime, for quietTime: Duration) -> Bool {
        forgetWhatLeft()
        guard !isFinished else {
            isInSweep = false
            return true
        }
        guard now - lastReceived >= quietTime, inFlight.isEmpty else { return false }
        parser.releaseIdleMemory()
        isInSweep = false
        return true
    }

    private func parse(_ bytes: UnsafeRawBufferPointer) {
        // Taken, so that an owner who makes another wire parse meanwhile finds another array.
        var events = resources.events
        resources.events = []
        let session = session
        var rest = bytes
        while !rest.isEmpty, !isFinished, session === self.session {
            let epoch = epoch
            let taken = parser.feed(rest, into: &events)
            for event in events {
                guard epoch == self.epoch else { break }
                owner?.wire(self, received: event)
            }
            events.removeAll(keepingCapacity: true)
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
        }
        resources.events = events
    }

    private func end(_ end: End) {
        guard !isFinished else { return }
        epoch += 1
        switch end {
        case .closedByPeer:
            // The owner may still have something to say, such as its own closing tag.
            owner?.wire(self, ended: end)
            finish(within: Self.parting)
            return
        case .tlsFailed:
            forgetWhatLeft()
            if inFlight.isEmpty {
                // The alert may leave.
                connection.closeAfterFlush(within: Self.parting)
            } else {
                // The owner sends these again or returns them, so that they must not leave here after all.
                connection.close()
            }
        case .broken: connection.close()
        }
        isFinished = true
        owner?.wire(self, ended: end)
    }

    private func decrypt(_ bytes: UnsafeRawBufferPointer, by session: TLSSession) {
        var output: [UInt8] = []
        let isHandshaking = !session.isEstablished
        // What came with the last flight waits until our own flight is written: an answer must not overtake it.
        var early: [UInt8] = []
        do throws(TLSFailure) {
            let progress = try session.receive(bytes, scratch: resources.plaintext, output: &output) { plaintext in
                if isHandshaking { early = Array(plaintext) } else { parse(plaintext) }
            }
            if !output.isEmpty { connection.write(output) }
            if progress.contains(.handshakeCompleted), !isFinished { owner?.wireSecured(self) }
            if !early.isEmpty { early.withUnsafeBytes { parse($0) } }
            if progress.contains(.closedByPeer) { end(.closedByPeer) }
        } catch {
            if !output.isEmpty { connection.write(output) }
            end(.tlsFailed("\(error)"))
        }
    }
}

extension XMLWire: TCPConnectionDelegate {
    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        guard !isFinished else { return }
        lastReceived = resources.loop.now
        watch()
        if let session { decrypt(bytes, by: session) } else { parse(bytes) }
        if let wait = throttle?.wait(after: bytes.count, at: lastReceived) { hold(for: wait) }
    }

    /// Slows the peer down by not reading; its order is kept and nothing is lost (DO-04).
    private func hold(for wait: Duration) {
        isThrottled = true
        connection.pauseReading()
        resources.loop.scheduleSoon(after: wait) { [weak self] in
            guard let self else { return }
            isThrottled = false
            if !isPausedByOwner, !isFinished { self.connection.resumeReading() }
        }
    }

    func connectionReachedEnd(_ connection: TCPConnection) {
        guard let session, !session.isEstablished else { return end(.closedByPeer) }
        end(.tlsFailed("the peer closed the connection during the TLS handshake"))
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) {
        end(.broken("\(failure)"))
    }

    func connectionDidDrain(_ connection: TCPConnection) {
        forgetWhatLeft()
        owner?.wireDrained(self)
    }
}
