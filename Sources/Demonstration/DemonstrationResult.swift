public import Administration
internal import FoundationEssentials

/// What came of a demonstration; `ligasectl demo --json` prints it.
public struct DemonstrationResult: Sendable, Encodable {
    /// A player as it stood on the stage.
    public struct Player: Sendable, Encodable {
        /// The name in the account.
        public var name: String
        /// The domain that it speaks for.
        public var domain: String
        /// Where it takes connections from other servers; nil when nowhere.
        public var listening: String?
        /// Its control socket, of use with `--keep`.
        public var control: String
    }

    /// Something that had to happen.
    public struct Milestone: Sendable, Encodable {
        /// In words.
        public var text: String
        /// Whether it did.
        public var reached: Bool
    }

    /// One line of the account.
    public struct Event: Sendable, Encodable {
        /// Seconds since the demonstration began.
        public var seconds: Double
        /// The player whom it happened to.
        public var player: String
        /// What kind of thing happened.
        public var kind: String
        /// In words.
        public var text: String
    }

    /// One scene.
    public struct Scene: Sendable, Encodable {
        /// Its short name.
        public var name: String
        /// Its heading.
        public var title: String
        /// Whether every milestone was reached, and nothing happened that must not.
        public var succeeded: Bool
        /// What had to happen.
        public var milestones: [Milestone]
        /// What happened that must not.
        public var violations: [String]
        /// How many connections were opened between the daemons.
        public var connections: Int
        /// How many pairs of domains were accepted by who receives.
        public var pairs: Int
        /// The account.
        public var events: [Event]
    }

    /// An association at the end, and whose it is.
    public struct Association: Sendable, Encodable {
        /// The player that holds it.
        public var player: String
        /// As `associations --json` has it.
        public var summary: AssociationSummary
        /// Whether the same stream carries the other direction as well (XEP-0288).
        public var isBothDirections: Bool

        private enum CodingKeys: String, CodingKey {
            case player
            case isBothDirections = "both_directions"
        }

        /// The members of the summary, and `player` and `both_directions` beside them.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(player, forKey: .player)
            try container.encode(isBothDirections, forKey: .isBothDirections)
            try summary.encode(to: encoder)
        }
    }

    /// Whether every scene succeeded.
    public var succeeded: Bool
    /// How long it took.
    public var seconds: Double
    /// The daemons.
    public var players: [Player]
    /// The scenes that were played.
    public var scenes: [Scene]
    /// The associations of all daemons at the end.
    public var associations: [Association]

    /// The JSON document, with a final line feed.
    public var document: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Texts, numbers and flags only: there is nothing that could not be encoded.
        let data = (try? encoder.encode(self)) ?? Data()
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
