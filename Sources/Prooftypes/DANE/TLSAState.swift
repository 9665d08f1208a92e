package import XMPPModel

/// Which of an endpoint's TLSA records name what it presents: how a change of keys stands (RFC 7671 §8).
///
/// It says nothing of whether a record holds, which ``DANEProoftype`` decides.
package struct TLSAState: Hashable, Sendable {
    /// Records that name a certificate of the chain, in words: `3 1 1 0a1b2c3d…`.
    package let matching: [String]
    /// Records that could be used and name nothing that is presented: the former key, or the next one.
    package let others: [String]
    /// Records that cannot be used, with the reason.
    package let unusable: [String]

    /// Compares records with what a server presented.
    ///
    /// - Parameter chain: As presented, the leaf first.
    package init(_ records: [TLSARecord], presenting chain: [PeerCertificate]) {
        let selection = TLSASelection(
            records, usages: DANEProoftype.allUsages, digests: DANEProoftype.allDigests)
        var matching: [String] = []
        var others: [String] = []
        for record in selection.usable {
            let candidates = record.isForPeer ? chain.prefix(1) : chain.dropFirst()
            let words = "\(record.summary) \(record.text.split(separator: " ").last.map { $0.prefix(16) } ?? "")…"
            if candidates.contains(where: { record.names($0) }) { matching.append(words) } else { others.append(words) }
        }
        self.matching = matching
        self.others = others
        unusable = selection.unusable
    }
}
