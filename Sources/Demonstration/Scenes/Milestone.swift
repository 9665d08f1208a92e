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

    /// The player associates a pair of domains, for stanzas that come in or go out.
    ///
    /// - Parameters:
    ///   - prooftype: What it has to rest on; nil for anything.
    ///   - mechanism: How the other domain has to be proved; nil for any way.
    static func association(
        of sender: String, with target: String, _ direction: Association.Direction, by prooftype: ProoftypeName? = nil,
        _ mechanism: Association.Mechanism? = nil, at player: String
    ) -> Milestone {
        let side = direction == .inbound ? "accepts" : "may send"
        let proof = prooftype.map { ", by \($0)" } ?? ""
        let way = mechanism.map { ", \($0.rawValue)" } ?? ""
        return Milestone("\(player) \(side) \(sender) → \(target)\(proof)\(way)", at: player) { incident in
            guard case .federation(.established(_, let association)) = incident.event else { return false }
            return (prooftype ?? association.prooftype) == association.prooftype
                && (mechanism ?? association.mechanism) == association.mechanism
                && association.isIncoming == (direction == .inbound) && association.pair.sender.description == sender
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

    /// The player connects to somebody.
    static func connection(by player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.connected(_, .initiating, _, _)) = incident.event else { return false }
            return true
        }
    }

    /// Somebody who connected to the player has shown no certificate.
    static func withholding(to player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.secured(_, _, _, nil)) = incident.event else { return false }
            return true
        }
    }

    /// The player hears from a domain's own server what it has to say of a dialback key.
    static func key(of domain: String, isGenuine: Bool, to player: String, _ text: String) -> Milestone {
        Milestone(text, at: player) { incident in
            guard case .federation(.keyAnswered(_, let question, let answer)) = incident.event,
                question.pair.sender.description == domain
            else { return false }
            return switch answer {
            case .valid: isGenuine
            case .invalid: !isGenuine
            case .sameCertificate, .unproven, .unacceptable, .notFound, .unreachable, .silent, .overloaded: false
            }
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
