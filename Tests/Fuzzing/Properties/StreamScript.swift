/// A conversation as the fuzzer writes it: octets of the peer, and between them lines that say what else happens.
///
/// Such a line is `!` and a letter, at the beginning or behind a line feed, up to and with its own line feed. Everything
/// else is octets.
struct StreamScript {
    /// What happens next.
    enum Step: Hashable {
        /// Octets arrive.
        case octets([UInt8])
        /// The peer's part of a TLS handshake, with a certificate for these names or without one.
        case handshake([String]?)
        /// The connection ends.
        case end
        /// A proof that was kept waiting is decided.
        case decide
        /// Pairs are proved by dialback too, and stanzas flow both ways where the peer asks; wherever it stands.
        case dialback
        /// The authoritative server confirms the oldest key that it was asked about, or denies it.
        case answer(isValid: Bool)
        /// A further pair is wanted.
        case associate
        /// A deadline passes.
        case deadline(Deadline)
        /// We want to close.
        case closeRequested
    }

    /// See `StreamDeadline`.
    enum Deadline: Hashable, CaseIterable {
        case negotiation, idle, keepalive, closing, dialback
    }

    /// The steps, in order.
    let steps: [Step]

    init(_ input: [UInt8]) {
        var steps: [Step] = []
        var octets: [UInt8] = []
        var start = 0
        while start < input.count {
            let end = input[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? input.count
            let line = input[start..<end]
            start = end
            guard let step = Self.command(line) else {
                octets += line
                continue
            }
            // The line feed in front of a command belongs to the command.
            if octets.last == UInt8(ascii: "\n") { octets.removeLast() }
            if !octets.isEmpty { steps.append(.octets(octets)) }
            octets = []
            steps.append(step)
        }
        if !octets.isEmpty { steps.append(.octets(octets)) }
        self.steps = steps
    }

    private static func command(_ line: ArraySlice<UInt8>) -> Step? {
        guard line.count == 3, line.first == UInt8(ascii: "!") else { return nil }
        switch Character(Unicode.Scalar(line[line.startIndex + 1])) {
        case "A": return .handshake(["a.example"])
        case "B": return .handshake(["b.example"])
        case "C": return .handshake(["c.example", "b.example", "a.example"])
        case "T": return .handshake(nil)
        case "E": return .end
        case "D": return .decide
        case "Q": return .closeRequested
        case "K": return .dialback
        case "V": return .answer(isValid: true)
        case "N": return .answer(isValid: false)
        case "W": return .associate
        case "1": return .deadline(.negotiation)
        case "2": return .deadline(.idle)
        case "3": return .deadline(.keepalive)
        case "4": return .deadline(.closing)
        case "5": return .deadline(.dialback)
        default: return nil
        }
    }
}
