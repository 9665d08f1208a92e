public import DomainAssociation
public import StreamProtocol
internal import XMLStreaming
public import XMPPModel

/// One end of a connection in memory: a real stream value with the real parser and writer. Only TLS, time and the
/// world are played.
public final class StreamEnd {
    /// What goes over the connection.
    public enum Segment: Hashable, Sendable {
        /// Octets of XML, inside TLS or not.
        case octets([UInt8], encrypted: Bool)
        /// One side's part of the handshake, with the certificate that it presents.
        case handshake(PeerCertificate?)
        /// The end of the connection.
        case end
    }

    /// How the stream is protected.
    public enum Protection: Hashable, Sendable {
        case clear, handshaking, encrypted
    }

    /// Either role.
    public enum Side: Sendable {
        case receiving(ReceivingStream)
        case initiating(InitiatingStream)
    }

    /// The stream value.
    public private(set) var side: Side
    /// How the stream is protected.
    public private(set) var protection: Protection
    /// Everything that the stream asked for, in order.
    public private(set) var actions: [StreamAction] = []
    /// What waits to be carried to the other end.
    public var output: [Segment] = []
    /// Whether the connection is still there.
    public private(set) var isOpen = true
    /// The claims whose decision waits for ``decide()``, when ``delaysProofs`` is set.
    public private(set) var undecided: [DomainClaim] = []
    /// The questions to authoritative servers that wait for ``answer(_:)``, oldest first.
    public private(set) var questions: [DialbackQuestion] = []
    /// Whether proofs take their time.
    public var delaysProofs = false

    private let certificate: PeerCertificate?
    private var peerCertificate: PeerCertificate?
    private let policy: FederationPolicy
    private var parser: XMLStreamParser
    private var epoch = 0
    private var identifiers = 0

    /// Makes an end.
    ///
    /// - Parameters:
    ///   - certificate: What it presents in the handshake.
    ///   - policy: By which it judges the other end.
    public init(_ side: Side, directTLS: Bool, certificate: PeerCertificate?, policy: FederationPolicy) {
        self.side = side
        self.certificate = certificate
        self.policy = policy
        protection = directTLS ? .handshaking : .clear
        parser = Self.parser()
    }

    /// What the stream delivered, in order.
    public var delivered: [Stanza] {
        actions.flatMap { action -> [Stanza] in
            if case .deliver(let stanzas, _) = action { stanzas } else { [] }
        }
    }

    /// The associations that began.
    public var established: [Association] {
        actions.compactMap { if case .established(let association) = $0 { association } else { nil } }
    }

    /// Why the attempt failed, for each time that the stream said so.
    public var failures: [StreamFailure] {
        actions.compactMap { if case .fail(let failure) = $0 { failure } else { nil } }
    }

    // MARK: - What happens

    /// The connection is there.
    public func connect() {
        feed(.connected)
        if protection == .handshaking, case .initiating = side { output.append(.handshake(certificate)) }
    }

    /// Something that is no octets: a deadline, a wish of the operator.
    public func feed(_ event: StreamEvent) {
        let answers: [StreamAction]
        switch side {
        case .receiving(var stream):
            answers = stream.handle(event)
            side = .receiving(stream)
        case .initiating(var stream):
            answers = stream.handle(event)
            side = .initiating(stream)
        }
        for action in answers { perform(action) }
    }

    /// Decides the claims that were kept waiting.
    public func decide() {
        let claims = undecided
        undecided = []
        for claim in claims { conclude(claim) }
    }

    /// The authoritative server answers the oldest question.
    ///
    /// - Parameter answer: Makes the answer for the pair that it is about.
    public func answer(_ answer: (DomainPair) -> DialbackAnswer) {
        guard !questions.isEmpty else { return }
        let question = questions.removeFirst()
        feed(.questionAnswered(question, answer(question.pair)))
    }

    /// Takes what the other end sent, cut into pieces of at most `size` octets.
    public func receive(_ segment: Segment, piecesOf size: Int = .max) {
        switch segment {
        case .octets(let octets, let isEncrypted):
            guard isEncrypted == (protection == .encrypted) else { return }
            var start = 0
            while start < octets.count, isOpen {
                let end = start + min(size, octets.count - start)
                let before = protection
                parse(octets[start..<end])
                // What was sent in clear behind the switch is no TLS record, and never reaches a parser.
                guard before == protection else { return }
                start = end
            }
        case .handshake(let theirs):
            guard protection == .handshaking else { return }
            protection = .encrypted
            peerCertificate = theirs
            if case .receiving = side { output.append(.handshake(certificate)) }
            feed(.secured(presentedCertificate: certificate != nil))
        case .end:
            feed(.closedByPeer)
        }
    }

    private func parse(_ octets: ArraySlice<UInt8>) {
        octets.withUnsafeBytes { bytes in
            var rest = bytes
            let protection = protection
            while !rest.isEmpty, isOpen, protection == self.protection {
                let epoch = epoch
                var events: [XMLStreamEvent] = []
                let taken = parser.feed(rest, into: &events)
                for event in events where epoch == self.epoch && isOpen { read(event) }
                rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            }
        }
    }

    private func read(_ event: XMLStreamEvent) {
        switch event {
        case .header(let header):
            identifiers += 1
            feed(.headerReceived(header, freshID: "id-\(identifiers)"))
        case .element(let element): feed(.elementReceived(element))
        case .stanzas(let stanzas): feed(.stanzasReceived(stanzas))
        case .closed: feed(.closedByPeer)
        case .failed(let error): feed(.failed(error))
        }
    }

    // MARK: - What is to be done

    private func perform(_ action: StreamAction) {
        // One delivery is as good as two: where a run of stanzas is cut depends on how the octets came.
        if case .deliver(let more, let association) = action, case .deliver(let some, association)? = actions.last {
            actions[actions.count - 1] = .deliver(some + more, over: association)
        } else {
            actions.append(action)
        }
        switch action {
        case .sendHeader(let header): write(XMLWriter.header(header))
        case .send(let element): write(XMLWriter.bytes(of: element))
        case .sendWhitespace, .checkPeer: write([UInt8(ascii: " ")])
        case .sendClosingTag: write(XMLWriter.closing)
        case .startTLS:
            protection = .handshaking
            renewParser()
            if case .initiating = side { output.append(.handshake(certificate)) }
        case .restart: renewParser()
        case .prove(let pair, let side): prove(pair, side)
        case .disconnect:
            isOpen = false
            output.append(.end)
        case .established: parser.limits = .established
        case .verify(let question): questions.append(question)
        case .readyForQuestions, .answered, .pairFailed, .withdrawn, .deliver, .adoptPeerLimits, .arm, .disarm, .fail,
            .report:
            break
        }
    }

    private func write(_ octets: [UInt8]) {
        output.append(.octets(octets, encrypted: protection == .encrypted))
    }

    private func renewParser() {
        epoch += 1
        parser = Self.parser()
    }

    private func prove(_ pair: DomainPair, _ side: DomainClaim.Side) {
        let claim = DomainClaim(
            pair: pair, side: side, certificates: peerCertificate.map { [$0] } ?? [], moment: 1_767_225_600)
        if delaysProofs { undecided.append(claim) } else { conclude(claim) }
    }

    private func conclude(_ claim: DomainClaim) {
        var proofCase = ProofCase(claim, under: policy)
        for action in proofCase.handle(.opened) + proofCase.handle(.timedOut) {
            if case .concluded(let conclusion) = action { feed(.proofConcluded(conclusion)) }
        }
    }

    private static func parser() -> XMLStreamParser {
        let parser = XMLStreamParser(limits: .unauthenticated)
        parser.pausesAfterElement = true
        return parser
    }
}
