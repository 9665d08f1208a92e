/// One line of the account: what happened, in words.
struct AccountEntry: Hashable, Sendable {
    /// What kind of thing happened; the word that stands in front.
    enum Kind: String, Hashable, Sendable {
        case dns = "DNS"
        case dnssec = "DNSSEC"
        case web = "HTTPS"
        case dial
        case connect
        case accept
        case tls = "TLS"
        case proof
        case dialback
        case share
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
    /// What happened.
    let text: String
    /// More of it; on a line of its own where a line is too short for both.
    let detail: String
    let mood: Mood

    init(_ kind: Kind, _ text: String, _ detail: String = "", mood: Mood = .plain) {
        self.kind = kind
        self.text = text
        self.detail = detail
        self.mood = mood
    }

    /// All of it, for a machine.
    var wholeText: String { detail.isEmpty ? text : text + " " + detail }
}
