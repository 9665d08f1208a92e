public import Administration
internal import DomainAssociation
internal import XMPPModel

/// Domain pairs as they were at one moment, by remote and local domain. Words for a pair are made when they are asked for, so
/// that a list of hundreds of thousands takes the memory of a few.
public struct AssociationList: Sendable {
    /// The pairs of one stream.
    struct Stream: Sendable {
        let id: StreamID
        let associations: [Association]
        let proofs: ProofWatches
    }

    private struct Entry {
        let remote: DomainName
        let local: DomainName
        let stream: Int32
        let place: Int32
    }

    private let streams: [Stream]
    private let entries: [Entry]

    init(_ streams: [Stream], with domain: DomainName?) {
        self.streams = streams
        var entries: [Entry] = []
        for (number, stream) in streams.enumerated() {
            for (place, association) in stream.associations.enumerated() {
                let (local, remote) = (association.localDomain, association.remoteDomain)
                guard domain == nil || local == domain || remote == domain else { continue }
                entries.append(
                    Entry(
                        remote: remote, local: local, stream: Int32(clamping: number), place: Int32(clamping: place)))
            }
        }
        entries.sort {
            $0.remote == $1.remote ? ($0.local, $0.stream) < ($1.local, $1.stream) : $0.remote < $1.remote
        }
        self.entries = entries
    }

    /// The places of all pairs.
    public var indices: Range<Int> { entries.indices }

    /// Those pairs in words; places beyond the end are passed over.
    public func summaries(_ range: Range<Int>) -> [AssociationSummary] {
        entries[range.clamped(to: indices)].map { entry in
            let stream = streams[Int(entry.stream)]
            let association = stream.associations[Int(entry.place)]
            return AssociationSummary(
                association, verdicts: stream.proofs.verdicts(of: association),
                expires: stream.proofs.expires(association),
                on: stream.id)
        }
    }
}
