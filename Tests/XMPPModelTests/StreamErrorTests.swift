import Testing
import XMPPModel

@Suite("RFC 6120 §4.9 stream errors")
struct StreamErrorTests {
    static let names = [
        "bad-format", "bad-namespace-prefix", "conflict", "connection-timeout", "host-gone", "host-unknown",
        "improper-addressing", "internal-server-error", "invalid-from", "invalid-namespace", "invalid-xml",
        "not-authorized", "not-well-formed", "policy-violation", "remote-connection-failed", "reset",
        "resource-constraint", "restricted-xml", "see-other-host", "system-shutdown", "undefined-condition",
        "unsupported-encoding", "unsupported-feature", "unsupported-stanza-type", "unsupported-version",
    ]

    @Test func `XS-28: the 25 conditions are known, and no others`() {
        #expect(StreamError.Condition.allCases.map(\.rawValue).sorted() == Self.names)
    }

    @Test(arguments: StreamError.Condition.allCases)
    func `XS-28: a condition is read as it is written`(condition: StreamError.Condition) {
        for error in [
            StreamError(condition), StreamError(condition, "why"),
            StreamError(condition, "why", application: XMLElement("urn:x", "host-unknown")),
        ] {
            #expect(StreamError(error.element) == (condition == .seeOtherHost ? moved(error) : error))
            let own = error.element.elements.filter { $0.namespace == Namespace.streamErrors && $0.name != "text" }
            #expect(own.map(\.name) == [condition.rawValue])
        }
    }

    /// What was not said where a host should stand is the empty text.
    private func moved(_ error: StreamError) -> StreamError {
        var error = error
        error.otherHost = ""
        return error
    }

    @Test(arguments: [("xml-not-well-formed", StreamError.Condition.notWellFormed), ("invalid-id", .invalidFrom)])
    func `XS-28: names of RFC 3920 are understood`(name: String, condition: StreamError.Condition) {
        #expect(
            StreamError(XMLElement(Namespace.stream, "error", [XMLElement(Namespace.streamErrors, name)])).condition
                == condition)
    }

    @Test(arguments: [
        XMLElement(
            Namespace.stream, "error",
            [
                XMLElement(Namespace.streamErrors, "frobnicate"),
                XMLElement(Namespace.streamErrors, "text", text: "host-unknown"),
            ]),
        XMLElement(Namespace.stream, "error", [XMLElement("urn:x", "host-unknown")]),
        XMLElement(Namespace.stream, "error"), XMLElement(Namespace.stream, "error", text: "host-unknown"),
    ])
    func `XS-12: an unknown condition is undefined, and texts drive nothing`(element: XMLElement) {
        #expect(StreamError(element).condition == .undefinedCondition)
    }

    @Test func `XS-23: the other host is kept as it was named`() {
        let element = XMLElement(
            Namespace.stream, "error",
            [
                XMLElement(Namespace.streamErrors, "see-other-host", text: "[2001:db8::1]:5269")
            ])
        #expect(StreamError(element).otherHost == "[2001:db8::1]:5269")
        #expect(StreamError(element).condition == .seeOtherHost)
    }
}
