internal import DomainAssociation
internal import Federation
internal import NameResolution
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// Something that has to happen in a scene, or must not.
struct Milestone: Sendable {
    /// As the account states it.
    let text: String
    private let matches: @Sendable (Incident) -> Bool

    init(_ text: String, at player: String, matching matches: @escaping @Sendable (Incident) -> Bool) {
        self.text = text
        self.matches = { $0.player == player && matches($0) }
    }

    func isReached(by incident: Incident) -> Bool { matches(incident) }
}

extension Milestone {
    /// The player has a message with this `id` from this address.
    static func message(_ id: String, from sender: String, reaches player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.received(_, let stanzas)) = incident.event else { return false }
            return stanzas.contains { $0.kind == .message && $0.id == id && $0.from == sender && !$0.isError }
        }
    }

    /// The player associates a pair of domains on a stream in this direction.
    static func association(
        of sender: String, with target: String, _ direction: Association.Direction, by prooftype: ProoftypeName? = nil,
        at player: String
    ) -> Milestone {
        let side = direction == .inbound ? "accepts" : "may send"
        let proof = prooftype.map { ", by \($0)" } ?? ""
        return Milestone("\(player) \(side) \(sender) → \(target)\(proof)", at: player) { incident in
            guard case .federation(.established(_, let association)) = incident.event else { return false }
            return (prooftype ?? association.prooftype) == association.prooftype
                && association.direction == direction && association.pair.sender.description == sender
                && association.pair.target.description == target
        }
    }

    /// The player finds that a peer does not speak for a domain.
    static func refusal(of domain: String, by player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.proofConcluded(_, .refused(let claim, _))) = incident.event else { return false }
            return claim.claimedDomain.description == domain
        }
    }

    /// The player finds that what DNS says of a domain is not what its zone signed.
    static func forgeryFound(of domain: String, by player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.resolved(let pair, .failed(.bogus))) = incident.event else { return false }
            return pair.target.description == domain
        }
    }

    /// Somebody connects to the player.
    static func connection(to player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.connected(_, .receiving, _, _)) = incident.event else { return false }
            return true
        }
    }

    /// The player returns a message to its sender.
    static func bounce(at player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.routed(.bounced)) = incident.event else { return false }
            return true
        }
    }
}
