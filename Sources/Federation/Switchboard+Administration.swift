internal import Administration
internal import DomainAssociation
internal import EventLoops
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// What an operator asks of one loop.
extension Switchboard {
    /// The stream that carries a pair of ours.
    func stream(of pair: DomainPair) -> StreamID? {
        streams.values.first { $0.side.associations.contains { $0.pair == pair && !$0.isIncoming } }?.id
    }

    /// Closes what an operator names; the streams that were found.
    func close(_ target: CloseTarget) -> [StreamID] {
        switch target {
        case .stream(let id):
            if let stream = streams[id] {
                stream.close(nil)
            } else if let backend = backends[id] {
                backend.close(nil)
            } else {
                return []
            }
            return [id]
        case .domain(let domain):
            let found = streams.values.filter { stream in
                stream.side.associations.contains { $0.localDomain == domain || $0.remoteDomain == domain }
            }
            for stream in found { stream.close(nil) }
            return found.map(\.id)
        }
    }
}

extension StreamConnection {
    var summary: StreamSummary {
        let facts = side.facts
        let isOutbound = dialledPair != nil
        let state: StreamSummary.State =
            side.isEstablished
            ? .established : wire.isFinished ? .closing : facts.isEncrypted ? .negotiating : .connecting
        var summary = StreamSummary(
            id: id, kind: .s2s, direction: isOutbound ? .outbound : .inbound,
            peerAddress: wire.connection.peerAddress?.description ?? "", state: state,
            since: Timestamp(secondsSince1970: since))
        summary.from = isOutbound ? facts.localDomain : facts.remoteDomain
        summary.to = isOutbound ? facts.remoteDomain : facts.localDomain
        if let session = wire.session, let version = session.version {
            summary.tls = StreamSummary.TLS(
                version: "\(version)", cipher: session.cipherSuite ?? "", direct: isDirectTLS,
                peerCertificateSHA256: peerCertificates.first?.sha256Text)
        }
        summary.bidirectional = side.isBidirectional
        summary.pairs = side.associations.count
        summary.prooftypes = Set(side.associations.map(\.prooftype)).map(\.description).sorted()
        summary.stanzasIn = stanzasIn
        summary.stanzasOut = stanzasOut
        summary.bytesIn = Int(clamping: wire.connection.bytesReceived)
        summary.bytesOut = Int(clamping: wire.connection.bytesSent)
        summary.queued = wire.unsentStanzas
        return summary
    }
}

extension BackendConnection {
    var summary: StreamSummary {
        var summary = StreamSummary(
            id: id, kind: .component, direction: .inbound, peerAddress: wire.connection.peerAddress?.description ?? "",
            state: isClosing ? .closing : servedDomain == nil ? .negotiating : .established,
            since: Timestamp(secondsSince1970: since))
        summary.from = servedDomain
        summary.to = servedDomain
        summary.stanzasIn = stanzasIn
        summary.stanzasOut = stanzasOut
        summary.bytesIn = Int(clamping: wire.connection.bytesReceived)
        summary.bytesOut = Int(clamping: wire.connection.bytesSent)
        summary.queued = wire.unsentStanzas
        return summary
    }
}

extension AssociationSummary {
    init(_ association: Association, verdicts: [ProofVerdict], expires: Int64?, on stream: StreamID) {
        self.init(
            local: association.localDomain, remote: association.remoteDomain,
            direction: association.direction == .inbound ? .inbound : .outbound, isIncoming: association.isIncoming,
            prooftype: association.prooftype.description, mechanism: association.mechanism.rawValue,
            level: association.level.rawValue, secureDelegation: association.proof.hasSecureDelegation,
            evidence: EvidenceSummary(
                association.proof.findings.map { EvidenceSummary.Finding(name: $0.name, value: $0.value) }),
            verdicts: verdicts.map {
                Verdict(prooftype: $0.prooftype.description, result: $0.result.rawValue, reason: $0.reason)
            },
            stream: stream, since: Timestamp(secondsSince1970: association.since),
            expires: expires.map { Timestamp(secondsSince1970: $0) })
    }
}
