/// Everything that is counted; each case is one line of `GET /metrics`.
public enum Metric: Int, CaseIterable, Sendable {
    /// Counters.
    case stanzasReceived, stanzasSent, stanzasBounced, stanzasLost
    case bytesReceived, bytesSent
    case streamsAccepted, streamsOpened, streamsEnded, streamErrorsReceived, streamErrorsSent
    case connectionsRefused, connectionAttemptsFailed
    case tlsHandshakes, tlsHandshakesFailed
    case proofsEstablished, proofsRefused
    case proofsByDANE, proofsByPOSH, proofsByPKIX
    case keyChanges, keyChangesExplained, keyChangesRefused
    case lookups, lookupsFailed, lookupsBogus
    case poshRetrievals, poshRetrievalsFailed
    /// Gauges.
    case streams, associations, queuedStanzas, queuedBytes

    /// Whether it goes up and down; a counter only goes up.
    public var isGauge: Bool {
        switch self {
        case .streams, .associations, .queuedStanzas, .queuedBytes: true
        default: false
        }
    }

    /// Whether something counts it in this build; one that always stood at zero would say what is not so.
    public var isCounted: Bool { self != .stanzasLost }

    /// The name in the text exposition of Prometheus: prefix, base unit, and `_total` for a counter.
    public var name: String {
        switch self {
        case .stanzasReceived: "ligase_stanzas_received_total"
        case .stanzasSent: "ligase_stanzas_sent_total"
        case .stanzasBounced: "ligase_stanzas_bounced_total"
        case .stanzasLost: "ligase_stanzas_possibly_lost_total"
        case .bytesReceived: "ligase_received_bytes_total"
        case .bytesSent: "ligase_sent_bytes_total"
        case .streamsAccepted: "ligase_streams_accepted_total"
        case .streamsOpened: "ligase_streams_opened_total"
        case .streamsEnded: "ligase_streams_ended_total"
        case .streamErrorsReceived: "ligase_stream_errors_received_total"
        case .streamErrorsSent: "ligase_stream_errors_sent_total"
        case .connectionsRefused: "ligase_connections_refused_total"
        case .connectionAttemptsFailed: "ligase_connection_attempts_failed_total"
        case .tlsHandshakes: "ligase_tls_handshakes_total"
        case .tlsHandshakesFailed: "ligase_tls_handshakes_failed_total"
        case .proofsEstablished: "ligase_proofs_established_total"
        case .proofsRefused: "ligase_proofs_refused_total"
        case .proofsByDANE: "ligase_proofs_by_dane_total"
        case .proofsByPOSH: "ligase_proofs_by_posh_total"
        case .proofsByPKIX: "ligase_proofs_by_pkix_total"
        case .keyChanges: "ligase_key_changes_total"
        case .keyChangesExplained: "ligase_key_changes_explained_total"
        case .keyChangesRefused: "ligase_key_changes_refused_total"
        case .lookups: "ligase_dns_lookups_total"
        case .lookupsFailed: "ligase_dns_lookups_failed_total"
        case .lookupsBogus: "ligase_dns_lookups_bogus_total"
        case .poshRetrievals: "ligase_posh_retrievals_total"
        case .poshRetrievalsFailed: "ligase_posh_retrievals_failed_total"
        case .streams: "ligase_streams"
        case .associations: "ligase_associations"
        case .queuedStanzas: "ligase_queued_stanzas"
        case .queuedBytes: "ligase_queued_bytes"
        }
    }

    /// What it counts, in one line.
    public var summary: String {
        switch self {
        case .stanzasReceived: "Stanzas received from other domains and from backends."
        case .stanzasSent: "Stanzas accepted by a socket or acknowledged."
        case .stanzasBounced: "Stanzas returned to their sender as errors."
        case .stanzasLost: "Stanzas that a lost connection without stream management may have swallowed."
        case .bytesReceived: "Bytes received on sockets."
        case .bytesSent: "Bytes sent on sockets."
        case .streamsAccepted: "Streams that others opened."
        case .streamsOpened: "Streams that we opened."
        case .streamsEnded: "Streams that ended, for any reason."
        case .streamErrorsReceived: "Stream errors received."
        case .streamErrorsSent: "Stream errors sent."
        case .connectionsRefused: "Connections refused by a limit."
        case .connectionAttemptsFailed: "Connection attempts that failed."
        case .tlsHandshakes: "TLS handshakes completed."
        case .tlsHandshakesFailed: "TLS handshakes that failed."
        case .proofsEstablished: "Remote domains proved."
        case .proofsRefused: "Claims of remote domains refused."
        case .proofsByDANE: "Remote domains proved by DANE."
        case .proofsByPOSH: "Remote domains proved by POSH."
        case .proofsByPKIX: "Remote domains proved by PKIX."
        case .keyChanges: "Keys of remote domains that changed unexplained and were accepted."
        case .keyChangesExplained: "Keys of remote domains that changed as the domain or the operator says."
        case .keyChangesRefused: "Claims refused because of a key that changed unexplained."
        case .lookups: "Lookups of where a remote domain takes connections."
        case .lookupsFailed: "Such lookups that failed."
        case .lookupsBogus: "Such lookups that failed because signatures are wrong."
        case .poshRetrievals: "Retrievals of POSH documents that ended."
        case .poshRetrievalsFailed: "Retrievals of POSH documents that found neither a usable document nor none."
        case .streams: "Streams between servers now."
        case .associations: "Associated domain pairs now."
        case .queuedStanzas: "Stanzas that wait for a stream now."
        case .queuedBytes: "Bytes of stanzas that wait for a stream now."
        }
    }
}
