internal import DomainAssociation
internal import StreamFeatures
internal import StreamProtocol
internal import XMLStreaming
internal import XMPPModel

/// One end of a stream without a connection: the real stream value, parser and writer. Whatever is to be decided is decided
/// at once.
final class PairEndpoint {
    private enum Side {
        case receiving(ReceivingStream)
        case initiating(InitiatingStream)
        /// While it is at work: who holds it twice has it copied.
        case working
    }

    private var side: Side
    private let proof: PairProof
    private let parser: () -> XMLStreamParser
    private var current: XMLStreamParser
    private var epoch = 0
    private var identifiers = 0
    /// What the last header of this end said, as receiving side.
    private(set) var streamID = ""
    /// What the other end presented.
    private let certificates = PairProof.chain()
    /// What waits to be carried to the other end.
    var output: [[UInt8]] = []
    /// How many pairs it has established.
    private(set) var established = 0

    static let moment: Int64 = 1_767_225_600
    static let secret = DialbackSecret("the secret of the benchmark")

    private static func settings() -> DialbackSettings {
        DialbackSettings(keys: secret) { _ in DialbackRules(PairProof.policy) }
    }

    private static func features() -> [any StreamFeature] {
        var settings = StreamFeatureSettings(
            limitsBeforeAuthentication: PeerLimits(), limitsAfterAuthentication: PeerLimits())
        settings.announcesDialback = true
        return AllStreamFeatures.make(settings)
    }

    private init(_ side: Side, _ proof: PairProof) {
        self.side = side
        self.proof = proof
        parser = {
            let parser = XMLStreamParser(limits: .established)
            parser.pausesAfterElement = true
            return parser
        }
        current = parser()
    }

    static func initiating(_ pair: DomainPair, _ proof: PairProof) -> PairEndpoint {
        let policy = StreamPolicy(host: { _ in .hosted }, dialback: settings())
        return PairEndpoint(
            .initiating(
                InitiatingStream(pair: pair, isEncrypted: true, features: features(), policy: policy)), proof)
    }

    static func receiving(_ hosted: DomainName, _ proof: PairProof) -> PairEndpoint {
        let policy = StreamPolicy(host: { $0 == hosted ? .hosted : .unknown }, dialback: settings())
        return PairEndpoint(
            .receiving(ReceivingStream(policy: policy, isEncrypted: true, features: features(), errorID: "error")),
            proof)
    }

    /// Something that is no octets.
    func feed(_ event: StreamEvent) {
        let actions: [StreamAction]
        switch side {
        case .receiving(var stream):
            side = .working
            actions = stream.handle(event)
            side = .receiving(stream)
        case .initiating(var stream):
            side = .working
            actions = stream.handle(event)
            side = .initiating(stream)
        case .working: return
        }
        for action in actions { perform(action) }
    }

    /// Octets of the other end.
    func receive(_ octets: [UInt8]) {
        octets.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let epoch = epoch
                var events: [XMLStreamEvent] = []
                let taken = current.feed(rest, into: &events)
                for event in events where epoch == self.epoch { read(event) }
                rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            }
        }
    }

    private func read(_ event: XMLStreamEvent) {
        switch event {
        case .header(let header):
            identifiers += 1
            streamID = "3f1c5ea2b7d94086a1c2e3f405162738-\(identifiers)"
            feed(.headerReceived(header, freshID: streamID))
        case .element(let element): feed(.elementReceived(element))
        case .stanzas(let stanzas): feed(.stanzasReceived(stanzas))
        case .closed: feed(.closedByPeer)
        case .failed(let error): feed(.failed(error))
        }
    }

    private func perform(_ action: StreamAction) {
        switch action {
        case .sendHeader(let header): output.append(XMLWriter.header(header))
        case .send(let element): output.append(XMLWriter.bytes(of: element))
        case .restart:
            epoch += 1
            current = parser()
        case .prove(let pair, let side): prove(pair, side)
        case .verify(let question): answer(question)
        case .established: established += 1
        case .sendWhitespace, .checkPeer, .startTLS, .withdrawn, .readyForQuestions, .answered, .pairFailed, .deliver,
            .adoptPeerLimits, .arm, .disarm, .sendClosingTag, .disconnect, .fail, .report:
            break
        }
    }

    private func prove(_ pair: DomainPair, _ side: DomainClaim.Side) {
        // A further sender is not in the stream's certificate where it takes dialback to prove it.
        let isProved = side == .target || proof == .certificate || established == 0
        let claim = DomainClaim(pair: pair, side: side, certificates: certificates, moment: Self.moment)
        feed(.proofConcluded(isProved ? PairProof.conclude(claim) : .refused(claim, [])))
    }

    private func answer(_ question: DialbackQuestion) {
        let claim = DomainClaim(
            pair: question.pair.reversed, side: .target, certificates: PairProof.chain(), moment: Self.moment)
        let server = AuthoritativeServer(PairProof.conclude(claim), isEncrypted: true, address: "192.0.2.1:5269")
        let isKey = Self.secret.isKey(question.key, for: question.pair, streamID: question.streamID)
        feed(.questionAnswered(question, isKey ? .valid(server) : .invalid(server)))
    }
}
