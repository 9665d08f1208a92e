internal import DomainAssociation
internal import XMPPModel

/// Asks to be taken by dialback, once, and says what came of it.
extension StreamProbe {
    /// The request on a stream under TLS; nil where dialback is not tried, or not offered.
    mutating func requestProtected() -> [Action]? {
        guard let trial, findings.protected?.supportsDialback == true else { return nil }
        guard objection == nil else { return endTrial(.withheld(reason: objection ?? "")) }
        return request(trial)
    }

    /// The request on a stream in clear, which may have no features at all; nil where TLS is offered, and wherever a key is
    /// not to be sent in clear.
    mutating func requestInClear() -> [Action]? {
        guard let trial, trial.allowsClear, !isProtected, let greeting = findings.clear, greeting.supportsDialback,
            greeting.startTLS == .absent
        else { return nil }
        return request(trial)
    }

    private mutating func request(_ trial: DialbackTrial) -> [Action]? {
        guard let sender else { return nil }
        // The key is for this very stream (DK-04).
        guard let streamID, !streamID.isEmpty else {
            return endTrial(.withheld(reason: "the server gave its stream no identifier, which a key needs"))
        }
        state = .awaitingResult
        let pair = DomainPair(sender: sender, target: domain)
        let key = trial.keys.key(for: pair, streamID: streamID)
        return [.send(DialbackElement.request(pair, key: key)), .arm(.answer)]
    }

    /// Takes what may be the answer; nothing else counts as one (DB-09).
    mutating func takeResult(_ element: XMLElement) -> [Action] {
        let answer: DialbackElement
        do throws(DialbackElement.Fault) {
            answer = try DialbackElement(element)
        } catch {
            return endTrial(.failed(reason: "the server's answer cannot be read: \(error.text)"))
        }
        guard let sender, answer.kind == .result, answer.answeredPair == DomainPair(sender: sender, target: domain)
        else { return [] }
        switch answer.content {
        case .valid: return endTrial(.accepted)
        case .invalid: return endTrial(.invalidKey)
        case .error(let error): return endTrial(.refused(error))
        case .key, .unknown: return []
        }
    }

    mutating func endTrial(_ result: StreamFindings.Dialback) -> [Action] {
        findings.dialback = result
        return end()
    }
}
