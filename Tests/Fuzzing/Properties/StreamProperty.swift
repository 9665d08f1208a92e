internal import DomainAssociation
internal import StreamFeatures
internal import StreamProtocol
internal import StreamTestSupport
internal import XMLStreaming
internal import XMPPModel

/// Either side of a stream with the real parser in front of it: what it does depends not on how the bytes arrive;
/// nothing is delivered that no association covers, and none is made without TLS and a certificate; what we say is
/// well-formed.
enum StreamProperty {
    static func check(_ input: [UInt8], of role: StreamRole) throws(PropertyViolation) {
        let script = StreamScript(input)
        var division = InputDivision(of: input, largest: 24)
        let whole = try play(script, role, pieceSize: .max)
        let divided = try play(script, role, pieceSize: division.next())
        try require(whole == divided, "in pieces: \(divided), whole: \(whole)")
    }

    private static func play(
        _ script: StreamScript, _ role: StreamRole, pieceSize: Int
    ) throws(PropertyViolation) -> [StreamAction] {
        // Two ways to begin: the script of a connection with TLS in front starts with the handshake.
        let isDirect = if case .handshake? = script.steps.first { true } else { false }
        let end = makeEnd(role, directTLS: isDirect, dialback: script.steps.contains(.dialback))
        // A script that decides proofs wants them to wait.
        end.delaysProofs = script.steps.contains(.decide)
        var judge = StreamJudge(role: role)
        end.connect()
        try judge.judge(end)
        for step in script.steps {
            switch step {
            case .octets(let octets):
                let segment = StreamEnd.Segment.octets(octets, encrypted: end.protection == .encrypted)
                if end.protection != .handshaking { end.receive(segment, piecesOf: pieceSize) }
            case .handshake(let names):
                guard end.isOpen, end.protection == .handshaking else { continue }
                end.receive(.handshake(names.map { .naming($0) }))
                judge.handshake(with: names ?? [])
            case .end: end.receive(.end)
            case .decide: end.decide()
            case .dialback: break
            case .answer(let isValid):
                if isValid, let pair = end.questions.first?.pair { judge.confirmed(pair) }
                end.answer { isValid ? .valid(.dialled(for: $0)) : .invalid(.dialled(for: $0)) }
            case .associate:
                let wanted = pair("a.example", "rooms.b.example")
                if end.isOpen { end.feed(.associate(role == .initiating ? wanted : wanted.reversed)) }
            case .deadline(let deadline): end.feed(.deadlinePassed(streamDeadline(deadline)))
            case .closeRequested: end.feed(.closeRequested(nil))
            }
            try judge.judge(end)
        }
        return end.actions
    }

    private static func streamDeadline(_ deadline: StreamScript.Deadline) -> StreamDeadline {
        switch deadline {
        case .negotiation: .negotiation
        case .idle: .idle
        case .keepalive: .keepalive
        case .closing: .closing
        case .dialback: .dialback
        }
    }

    private static func makeEnd(_ role: StreamRole, directTLS: Bool, dialback: Bool) -> StreamEnd {
        let policy = FederationPolicy(prooftypes: [ScriptedProoftype.believing])
        var limits = StreamPair.Setup().limits
        (limits.announcesDialback, limits.isBidirectional) = (dialback, dialback)
        let features = AllStreamFeatures.make(limits)
        let hosted = role == .initiating ? domain("a.example") : domain("b.example")
        let former = domain("old.example")
        let streamPolicy = StreamPolicy(
            host: { $0 == hosted ? .hosted : $0 == former ? .former : .unknown },
            dialback: dialback ? .test(.authenticated) : nil)
        switch role {
        case .initiating:
            let stream = InitiatingStream(
                pair: pair("a.example", "b.example"), isEncrypted: directTLS, features: features, policy: streamPolicy)
            return StreamEnd(
                .initiating(stream), directTLS: directTLS, certificate: .naming(["a.example"]), policy: policy)
        case .receiving:
            let stream = ReceivingStream(
                policy: streamPolicy, isEncrypted: directTLS, features: features, errorID: "error-id")
            return StreamEnd(
                .receiving(stream), directTLS: directTLS, certificate: .naming(["b.example"]), policy: policy)
        }
    }
}
