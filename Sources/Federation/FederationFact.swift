public import DomainAssociation
public import EventLoops
public import NameResolution
public import Routing
public import StreamProtocol
public import TransportSecurity
public import XMPPModel

/// Something that happened in a ``FederationService``, as whoever watches it is told: the demonstration and tests.
///
/// Facts of one stream come in their order; facts of streams on different loops may come at the same time. An operator
/// reads the log instead.
public enum FederationFact: Sendable {
    /// A stream is wanted for a pair, and DNS is asked where its target is.
    case resolving(DomainPair)
    /// What DNS said.
    case resolved(DomainPair, ServiceResolution)
    /// One of the places is dialled, at the first of its addresses.
    case dialling(DomainPair, host: String, port: UInt16, directTLS: Bool)
    /// A TCP connection is there; we opened it in the initiating role.
    case connected(StreamID, StreamRole, peer: SocketAddress?, directTLS: Bool)
    /// The TLS handshake is complete. Nothing is proved by that; the certificate is the peer's, nil for none.
    case secured(StreamID, TLSVersion, cipher: String, PeerCertificate?)
    /// The TLS handshake or a record was not acceptable.
    case tlsFailed(StreamID, reason: String)
    /// It was decided whether the peer speaks for its side of a pair.
    case proofConcluded(StreamID, ProofConclusion)
    /// A stream that is there is asked to carry a further pair.
    case pairAsked(StreamID, DomainPair)
    /// What came of asking a sender domain's own server about a key that came in on the stream.
    case keyAnswered(StreamID, DialbackQuestion, DialbackAnswer)
    /// From now on the stream carries a pair.
    case established(StreamID, Association)
    /// Stanzas were written to a stream.
    case sent(StreamID, [Stanza])
    /// Stanzas came in on a stream, under its association.
    case received(StreamID, [Stanza])
    /// What a stream reports for the log.
    case reported(StreamID, StreamReport)
    /// The stream is over.
    case ended(StreamID)
    /// No stream could be made for a pair.
    case attemptFailed(DomainPair, AttemptFailure)
    /// What a router reports for the log: stanzas that were returned or dropped.
    case routed(RoutingReport)
}
