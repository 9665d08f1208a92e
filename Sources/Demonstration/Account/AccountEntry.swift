/// One line of the account: what happened, in words.
struct AccountEntry: Hashable, Sendable {
    /// What kind of thing happened; the word that stands in front.
    enum Kind: String, Hashable, Sendable {
        case dns = "DNS"
        case dial
        case connect
        case accept
        case tls = "TLS"
        case proof
        case associate
        case send
        case receive
        case refuse
        case giveUp = "give up"
        case bounce
        case close
    }

    /// How it is to be taken.
    enum Mood: Hashable, Sendable {
        case plain, good, bad, quiet
    }

    let kind: Kind
    let text: String
    let mood: Mood

    init(_ kind: Kind, _ text: String, _ mood: Mood = .plain) {
        self.kind = kind
        self.text = text
        self.mood = mood
    }
}
