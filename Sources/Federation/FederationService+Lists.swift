public import Administration
internal import DomainAssociation
internal import EventLoops
public import XMPPModel

/// Lists for an operator. A loop is asked for a portion at a time and does no more than hand over what it has: what is said of
/// hundreds of thousands of pairs is put into words elsewhere.
extension FederationService {
    /// Streams of one loop that together carry so many pairs that looking at each takes no noticeable time.
    struct StreamPortion {
        let switchboard: LoopReference<Switchboard>
        var streams: [StreamID] = []
    }

    /// How much of a loop's time one look may take.
    private static let pairsPerPortion = 4096

    func portions() async -> [StreamPortion] {
        var portions: [StreamPortion] = []
        for reference in shared.allSwitchboards {
            let sizes = await reference.ask { $0.streams.values.map { ($0.id, $0.side.associations.count) } }
            var portion = StreamPortion(switchboard: reference)
            var pairs = 0
            for (id, count) in sizes.sorted(by: { $0.0 < $1.0 }) {
                if !portion.streams.isEmpty, pairs + count > Self.pairsPerPortion {
                    portions.append(portion)
                    portion.streams = []
                    pairs = 0
                }
                portion.streams.append(id)
                // A stream of one pair costs something as well.
                pairs += count + 8
            }
            if !portion.streams.isEmpty { portions.append(portion) }
        }
        return portions
    }

    /// Every stream and component.
    public func streams() async -> [StreamSummary] {
        var summaries: [StreamSummary] = []
        for reference in shared.allSwitchboards {
            summaries += await reference.ask { $0.backends.values.map(\.summary) }
        }
        for portion in await portions() {
            summaries += await portion.switchboard.ask { switchboard in
                portion.streams.compactMap { switchboard.streams[$0]?.summary }
            }
        }
        return summaries.sorted { $0.id < $1.id }
    }

    /// Every domain pair, or those that `domain` is one side of.
    public func associations(with domain: DomainName?) async -> [AssociationSummary] {
        let list = await associationList(with: domain)
        return list.summaries(list.indices)
    }

    /// As ``associations(with:)``, for who takes them piece by piece.
    public func associationList(with domain: DomainName?) async -> AssociationList {
        var streams: [AssociationList.Stream] = []
        for portion in await portions() {
            streams += await portion.switchboard.ask { switchboard in
                portion.streams.compactMap { switchboard.streams[$0]?.listed }
            }
        }
        return AssociationList(streams, with: domain)
    }
}

extension StreamConnection {
    /// What is known of the pairs; the lists are shared with the stream, and not copied.
    var listed: AssociationList.Stream {
        AssociationList.Stream(id: id, associations: side.associations, proofs: proofs)
    }
}
