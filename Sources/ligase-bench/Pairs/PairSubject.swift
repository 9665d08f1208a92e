internal import ArgumentParser
internal import StreamFeatures
internal import StreamProtocol
internal import XMLStreaming
internal import XMPPModel

/// The process that `ligase-bench pairs` measures: streams without connections, with many pairs on each.
struct PairSubject: ParsableCommand {
    /// What is measured.
    enum Figure: String, CaseIterable, ExpressibleByArgument {
        /// Both ends at work: pairs a second.
        case rate
        /// What a pair costs the end that asked for it.
        case initiating
        /// What a pair costs the end that was asked.
        case receiving
    }

    static let configuration = CommandConfiguration(
        commandName: "pair-subject", abstract: "Establishes pairs and says what it cost.", shouldDisplay: false)

    @Option var figure: Figure
    @Option var proof: PairProof
    @Option var pairs: Int

    /// Streams that are measured together, so that one page more or less means nothing.
    private static let streams = 4

    /// Prints the number of pairs, the processor time in seconds, and what memory has grown by in octets.
    func run() throws {
        // What the first stream of all leaves behind is no part of it.
        try PairConversation(proof).associate([PairConversation.pair(1)])
        let wanted = try (1...pairs).map { try PairConversation.pair($0) }
        let conversations = try (0..<Self.streams).map { _ in try PairConversation(proof) }
        let before = ProcessCost.current
        for conversation in conversations { try establish(wanted, on: conversation) }
        let after = ProcessCost.current
        print("\(pairs * Self.streams) \(after.processor - before.processor) \(after.resident - before.resident)")
        withExtendedLifetime(conversations) {}
    }

    private func establish(_ wanted: [DomainPair], on conversation: PairConversation) throws {
        switch figure {
        case .rate: try conversation.associate(wanted)
        case .initiating:
            // What the other end would say, without the other end.
            for number in wanted.indices {
                let pair = try PairConversation.pair(number + 1)
                conversation.initiating.feed(.associate(pair))
                conversation.initiating.output = []
                conversation.initiating.receive(Self.octets(pair.reversed, ["type": "valid"]))
            }
            try check(conversation.initiating)
        case .receiving:
            for pair in wanted {
                let key = PairEndpoint.secret.key(for: pair, streamID: conversation.receiving.streamID)
                conversation.receiving.receive(Self.octets(pair, [:], text: key))
                conversation.receiving.output = []
            }
            try check(conversation.receiving)
        }
    }

    private func check(_ end: PairEndpoint) throws {
        guard end.established == pairs + 1 else {
            throw BenchmarkFailure("\(end.established) of \(pairs + 1) pairs were established")
        }
    }

    private static func octets(
        _ pair: DomainPair, _ more: KeyValuePairs<String, String>, text: String = ""
    ) -> [UInt8] {
        var element = XMLElement(
            Namespace.dialback, "result",
            attributes: ["from": pair.sender.description, "to": pair.target.description], text: text)
        for (name, value) in more { element[name] = value }
        return XMLWriter.bytes(of: element)
    }
}
