import StreamProtocol
import Testing
import XMPPModel

extension StreamAction {
    /// Whether octets of XML are written.
    var writes: Bool {
        switch self {
        case .sendHeader, .send, .sendWhitespace, .checkPeer, .sendClosingTag: true
        case .startTLS, .restart, .prove, .established, .withdrawn, .verify, .readyForQuestions, .answered, .pairFailed,
            .deliver,
            .adoptPeerLimits, .arm, .disarm, .disconnect, .fail,
            .report:
            false
        }
    }

    /// The condition of a stream error that is sent.
    var errorSent: StreamError.Condition? {
        guard case .send(let element) = self, element.is(Namespace.stream, "error") else { return nil }
        return StreamError(element).condition
    }

    /// The header that is sent.
    var header: StreamHeader? {
        guard case .sendHeader(let header) = self else { return nil }
        return header
    }

    /// The features that are sent.
    var features: XMLElement? {
        guard case .send(let element) = self, element.is(Namespace.stream, "features") else { return nil }
        return element
    }

    var delivered: [Stanza]? {
        guard case .deliver(let stanzas, _) = self else { return nil }
        return stanzas
    }

    var failure: StreamFailure? {
        guard case .fail(let failure) = self else { return nil }
        return failure
    }
}

/// Asks that a stream is closed with this condition and takes no more.
func expectClosed(
    _ actions: [StreamAction], _ condition: StreamError.Condition, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actions.compactMap(\.errorSent) == [condition], sourceLocation: sourceLocation)
    let ending = actions.filter { $0.failure == nil }.suffix(2)
    #expect(Array(ending) == [.sendClosingTag, .disconnect], sourceLocation: sourceLocation)
}

extension [StreamAction] {
    /// Whether the one failure that is told is of this kind.
    func isFailure(_ isExpected: (StreamFailure) -> Bool) -> Bool {
        let failures = compactMap(\.failure)
        return failures.count == 1 && failures.allSatisfy(isExpected)
    }
}
