import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import XMLStreaming
import XMPPModel

extension ScenarioRunner {
    // MARK: - Expecting

    mutating func expect(_ step: Scenario.Step, of end: StreamEnd) throws(ScenarioFault) {
        let text = step.argument
        switch step.phrase {
        case "ligase says nothing": if let said = view.next() { throw unexpected(said, "silence") }
        case "ligase sends whitespace": try take(.whitespace, "a space")
        case "ligase handshakes": try take(.handshake, "the handshake")
        case "ligase disconnects": try take(.end, "the end of the connection")
        case "ligase opens":
            let (from, to) = try addresses(text)
            guard case .header(let header)? = view.next() else { throw fault("no header comes") }
            let found = "\(header.from ?? "nobody") to \(header.to ?? "nobody")"
            let isRight = header.from == (from == "nobody" ? "" : from) && header.to == (to == "nobody" ? "" : to)
            guard isRight else { throw fault("the header is \(found)") }
            guard (header.id == nil) == (dialled != nil) else {
                throw fault("the header's id is \(header.id ?? "absent")")
            }
        case "ligase sends": try expectElements(text)
        case "ligase offers":
            guard case .element(let features)? = view.next(), features.is(Namespace.stream, "features") else {
                throw fault("no features come")
            }
            let wanted = text == "nothing" ? [] : PeerView.elements(text) ?? []
            let isSame =
                features.elements.count == wanted.count && zip(features.elements, wanted).allSatisfy { $0.says($1) }
            guard isSame else { throw fault("the features are \(features.written)") }
        case "ligase closes", "ligase closes calmly":
            if !text.isEmpty { try expectError(text) }
            try take(.closingTag, "the closing tag")
            if step.phrase == "ligase closes" { try take(.end, "the end of the connection") }
        default: try expectOutcome(step, of: end)
        }
    }

    private func expectOutcome(_ step: Scenario.Step, of end: StreamEnd) throws(ScenarioFault) {
        let text = step.argument
        switch step.phrase {
        case "ligase associates":
            let (sender, target) = try addresses(text)
            let pairs = end.established.map { "\($0.pair.sender) to \($0.pair.target)" }
            guard pairs.last == "\(sender) to \(target)" else { throw fault("associated are \(pairs)") }
        case "ligase asks":
            let questions = end.questions.map { "\($0.pair.sender) about \($0.key) for \($0.streamID)" }
            guard questions.last == text else { throw fault("the questions are \(questions)") }
        case "ligase loses":
            let (sender, target) = try addresses(text)
            let lost = end.actions.compactMap { action -> String? in
                if case .pairFailed(let pair, _) = action { "\(pair.sender) to \(pair.target)" } else { nil }
            }
            guard lost.last == "\(sender) to \(target)" else { throw fault("lost are \(lost)") }
        case "ligase fails":
            let failures = end.failures.map { "\($0)" }
            guard failures.count == 1, failures[0].hasPrefix(text) else { throw fault("the failures are \(failures)") }
        case "ligase reports":
            let reports = end.actions.compactMap { if case .report(let report) = $0 { "\(report)" } else { nil } }
            guard reports.contains(where: { $0.contains(text) }) else { throw fault("the reports are \(reports)") }
        default:
            let received = end.delivered.map { String(decoding: $0.bytes, as: UTF8.self) }
            let wanted = text == "nothing" ? [] : PeerView.elements(text) ?? []
            let found = received.flatMap { PeerView.elements($0) ?? [] }
            guard found.count == wanted.count, zip(found, wanted).allSatisfy({ $0.says($1) }) else {
                throw fault("the backend received \(received)")
            }
        }
    }

    private mutating func expectElements(_ text: String) throws(ScenarioFault) {
        guard let wanted = PeerView.elements(text) else { throw fault("this is not XML: \(text)") }
        for element in wanted {
            guard let said = view.next() else { throw fault("nothing comes") }
            guard case .element(let found) = said, found.says(element) else { throw unexpected(said, element.written) }
        }
    }

    private mutating func expectError(_ condition: String) throws(ScenarioFault) {
        guard let said = view.next() else { throw fault("nothing comes") }
        guard case .element(let element) = said, element.is(Namespace.stream, "error"),
            element.elements.first?.is(Namespace.streamErrors, condition) == true
        else { throw unexpected(said, "the stream error \(condition)") }
    }

    private mutating func take(_ wanted: PeerView.Said, _ name: String) throws(ScenarioFault) {
        guard let said = view.next() else { throw fault("nothing comes; expected is \(name)") }
        guard said == wanted else { throw unexpected(said, name) }
    }

    // MARK: - Words

    func connection() throws(ScenarioFault) -> StreamEnd {
        guard let end else { throw fault("nobody is connected") }
        return end
    }

    func addresses(_ text: String) throws(ScenarioFault) -> (String, String) {
        let words = text.split(separator: " ").map { String($0) }
        guard words.count == 3, words[1] == "to" else { throw fault("needed is “from to to”, not \(text)") }
        return (words[0], words[2])
    }

    func domains(_ text: String) throws(ScenarioFault) -> Set<DomainName> {
        var domains: Set<DomainName> = []
        for word in text.split(separator: " ") { domains.insert(try domainName(String(word))) }
        return domains
    }

    func domainName(_ text: String) throws(ScenarioFault) -> DomainName {
        do throws(AddressError) { return try DomainName(text) } catch { throw fault("\(text): \(error)") }
    }

    func fault(_ reason: String) -> ScenarioFault { ScenarioFault(line: 0, reason) }

    private func unexpected(_ said: PeerView.Said, _ wanted: String) -> ScenarioFault {
        fault("Ligase says: \(Self.describe(said)); expected is \(wanted)")
    }

    static func describe(_ said: PeerView.Said) -> String {
        if case .element(let element) = said { element.written } else { "\(said)" }
    }
}
