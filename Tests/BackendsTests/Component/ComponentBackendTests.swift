import Routing
import Synchronization
import Testing
import XMPPModel

@testable import Backends

@Suite("XEP-0114 components")
struct ComponentBackendTests {
    private static let domain = Self.name("plays.shakespeare.lit")
    private static let id = "3BF96D32"
    /// CP-04's own example: this identifier with the secret `sekrit`.
    private static let proof = "5547269269506c23b408f2b69c0f74efdd03b4fb"

    private static func name(_ text: String) -> DomainName {
        do { return try DomainName(text) } catch { preconditionFailure("\(text): \(error)") }
    }

    private static func backend(connected: Bool = false, secret: String = "sekrit") -> ComponentBackend {
        ComponentBackend(
            ComponentBackend.Surroundings(negotiationTimeout: 60, isConnected: { _ in connected }) {
                $0 == domain ? Array(secret.utf8) : nil
            })
    }

    private static func header(_ to: String? = "plays.shakespeare.lit") -> StreamHeader {
        StreamHeader(to: to, version: nil, contentNamespace: Namespace.component)
    }

    private static func handshake(_ text: String) -> BackendEvent {
        .elementReceived(XMLElement(Namespace.component, "handshake", text: text))
    }

    private static func stanza(from: String?, to: String? = "juliet@capulet.lit") -> Stanza {
        Stanza(.message, from: from, to: to, id: "1", content: Array("<body>O</body>".utf8))
    }

    /// A connection that has got so far: 0 accepted, 1 header answered, 2 connected, 3 closed.
    private static func backend(inState state: Int) -> ComponentBackend {
        var backend = backend()
        _ = backend.handle(.connected)
        if state >= 1 { _ = backend.handle(.headerReceived(header(), id: id)) }
        if state >= 2 { _ = backend.handle(handshake(proof)) }
        if state >= 3 { _ = backend.handle(.closedByPeer) }
        return backend
    }

    private func condition(_ actions: [BackendAction]) -> StreamError.Condition? {
        guard case .close(let error)? = actions.last else { return nil }
        return error?.condition
    }

    private func headers(_ actions: [BackendAction]) -> [StreamHeader] {
        actions.compactMap { action in
            guard case .sendHeader(let header) = action else { return nil }
            return header
        }
    }

    @Test func `CP-01: the header is answered from the component's domain with an id`() {
        var backend = Self.backend()
        #expect(backend.handle(.connected) == [.setDeadline(seconds: 60)])
        let answer = StreamHeader(
            from: "plays.shakespeare.lit", id: Self.id, version: nil, contentNamespace: Namespace.component)
        #expect(backend.handle(.headerReceived(Self.header(), id: Self.id)) == [.sendHeader(answer)])
        #expect(backend.domain == nil)
    }

    @Test(arguments: [nil, "", "nosuch.example", "@", "a.plays.shakespeare.lit"])
    func `CP-02: an unknown name is refused inside a stream`(name: String?) {
        var backend = Self.backend()
        let actions = backend.handle(.headerReceived(Self.header(name), id: Self.id))
        #expect(condition(actions) == .hostUnknown)
        #expect(headers(actions).map(\.from) == [""])
        #expect(backend.handle(Self.handshake(Self.proof)) == [])
    }

    @Test func `CP-02: a name that is connected already is a conflict, at the header or later`() {
        var first = Self.backend(connected: true)
        let actions = first.handle(.headerReceived(Self.header(), id: Self.id))
        #expect(condition(actions) == .conflict && headers(actions).count == 1)

        // Between header and handshake another connection finishes.
        let taken = TakenName()
        var second = ComponentBackend(
            ComponentBackend.Surroundings(isConnected: { _ in taken.value }, secret: { _ in Array("sekrit".utf8) }))
        _ = second.handle(.headerReceived(Self.header(), id: Self.id))
        taken.take()
        #expect(condition(second.handle(Self.handshake(Self.proof))) == .conflict)
    }

    @Test(arguments: [
        StreamHeader(to: "plays.shakespeare.lit", contentNamespace: Namespace.client),
        StreamHeader(to: "plays.shakespeare.lit", contentNamespace: Namespace.server),
        StreamHeader(to: "plays.shakespeare.lit", contentNamespace: nil),
        StreamHeader(
            to: "plays.shakespeare.lit", streamNamespace: "http://wrong.example/",
            contentNamespace: Namespace.component),
    ])
    func `CP-03: a wrong namespace is refused inside a stream`(header: StreamHeader) {
        var backend = Self.backend()
        let actions = backend.handle(.headerReceived(header, id: Self.id))
        #expect(condition(actions) == .invalidNamespace && headers(actions).count == 1)
    }

    @Test func `CP-04: the right digest is answered with an empty handshake`() {
        var backend = Self.backend(inState: 1)
        let actions = backend.handle(Self.handshake(Self.proof))
        #expect(
            actions.starts(with: [
                .setDeadline(seconds: nil), .send(XMLElement(Namespace.component, "handshake")), .serve(Self.domain),
            ]))
        #expect(backend.domain == Self.domain)
        #expect(ComponentBackend.handshake(id: Self.id, secret: Array("sekrit".utf8)) == Array(Self.proof.utf8))
    }

    @Test(arguments: [
        Self.proof.uppercased(), "", " " + Self.proof, Self.proof + "\n", String(Self.proof.dropLast()),
        "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e",
    ])
    func `CP-05: a wrong handshake ends the stream`(text: String) {
        var backend = Self.backend(inState: 1)
        #expect(condition(backend.handle(Self.handshake(text))) == .notAuthorized)
        #expect(backend.handle(Self.handshake(Self.proof)) == [])
    }

    @Test(arguments: [
        BackendEvent.stanzasReceived([Self.stanza(from: "plays.shakespeare.lit")]),
        .elementReceived(XMLElement(Namespace.component, "log")),
        .elementReceived(XMLElement("urn:x", "handshake", text: Self.proof)),
    ])
    func `CP-05: anything before the handshake is refused like a wrong one`(event: BackendEvent) {
        var backend = Self.backend(inState: 1)
        #expect(condition(backend.handle(event)) == .notAuthorized)
    }

    @Test func `CP-05: an empty secret lets nobody in`() {
        var backend = Self.backend(secret: "")
        #expect(condition(backend.handle(.headerReceived(Self.header(), id: Self.id))) == .hostUnknown)
    }

    @Test(arguments: [
        "plays.shakespeare.lit", "x@plays.shakespeare.lit/y", "PLAYS.shakespeare.lit", "plays.shakespeare.lit/r@z",
    ])
    func `CP-06: any address in the component's domain may send`(from: String) {
        var backend = Self.backend(inState: 2)
        let stanzas = [Self.stanza(from: from), Self.stanza(from: from)]
        #expect(backend.handle(.stanzasReceived(stanzas)) == [.submit(stanzas)])
    }

    @Test(
        arguments: [
            ("x@shakespeare.lit", "juliet@capulet.lit", StreamError.Condition.invalidFrom),
            ("x@sub.plays.shakespeare.lit", "juliet@capulet.lit", .invalidFrom),
            ("plays.shakespeare.lit@evil.example", "juliet@capulet.lit", .invalidFrom),
            ("@", "juliet@capulet.lit", .invalidFrom),
            (nil, "juliet@capulet.lit", .improperAddressing),
            ("x@plays.shakespeare.lit", nil, .improperAddressing),
        ] as [(String?, String?, StreamError.Condition)])
    func `CP-06: other addresses end the stream, after what came before`(
        from: String?, to: String?, expected: StreamError.Condition
    ) {
        var backend = Self.backend(inState: 2)
        let good = Self.stanza(from: "plays.shakespeare.lit")
        let actions = backend.handle(.stanzasReceived([good, Self.stanza(from: from, to: to), good]))
        #expect(actions.first == .submit([good]))
        #expect(condition(actions) == expected)
        #expect(backend.handle(.stanzasReceived([good])) == [])
    }

    @Test func `RT-10: an absent component's stanzas go back, a present one's are handed on`() {
        let stanzas = [Self.stanza(from: "juliet@capulet.lit", to: "x@plays.shakespeare.lit")]
        for state in [0, 1, 3] {
            var backend = Self.backend(inState: state)
            guard case .bounce(stanzas, let error)? = backend.handle(.stanzasRouted(stanzas)).first else {
                Issue.record("not returned in state \(state)")
                continue
            }
            #expect(error.condition == .serviceUnavailable && error.kind == .cancel)
        }
        var backend = Self.backend(inState: 2)
        #expect(backend.handle(.stanzasRouted(stanzas)) == [.forward(stanzas)])
    }

    @Test func `CP-06: what is neither stanza nor handshake is an unsupported type`() {
        var backend = Self.backend(inState: 2)
        #expect(condition(backend.handle(Self.handshake(Self.proof))) == .unsupportedStanzaType)
    }

    @Test func `An error before the header stands inside a stream all the same`() {
        let events: [BackendEvent] = [
            .failed(StreamError(.notWellFormed)), .deadlinePassed, .closeRequested(StreamError(.systemShutdown)),
        ]
        for (event, expected) in zip(
            events, [.notWellFormed, .connectionTimeout, .systemShutdown] as [StreamError.Condition])
        {
            var backend = Self.backend(inState: 0)
            let actions = backend.handle(event)
            #expect(headers(actions).count == 1 && condition(actions) == expected)
        }
    }

    @Test(arguments: 0...3)
    func `Every event has an answer in every state`(state: Int) {
        let events: [BackendEvent] = [
            .connected, .headerReceived(Self.header(), id: "x"), Self.handshake(Self.proof),
            .elementReceived(XMLElement("urn:x", "y")), .stanzasReceived([Self.stanza(from: nil)]),
            .stanzasReceived([]), .stanzasRouted([]), .closedByPeer, .failed(StreamError(.reset)), .deadlinePassed,
            .closeRequested(nil),
        ]
        for event in events {
            var backend = Self.backend(inState: state)
            let closes = backend.handle(event).count { if case .close = $0 { true } else { false } }
            #expect(closes <= (state == 3 ? 0 : 1))
            for next in events where closes == 1 {
                // Closed for good: one error and one closing tag.
                let later = backend.handle(next)
                #expect(later.allSatisfy { if case .bounce = $0 { true } else { false } })
            }
        }
    }

    @Test func `The list of backends names each kind once`() {
        #expect(AllBackends.kinds.map { $0.name } == ["component", "builtin"])
        #expect(AllBackends.kind(named: "builtin") != nil && AllBackends.kind(named: "server") == nil)
    }
}

/// A name that is taken while a handshake runs.
private final class TakenName: Sendable {
    private let isTaken = Mutex(false)
    var value: Bool { isTaken.withLock { $0 } }
    func take() { isTaken.withLock { $0 = true } }
}
