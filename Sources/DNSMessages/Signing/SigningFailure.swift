/// Why a key cannot be made, or a zone cannot be signed.
public enum SigningFailure: Error, Hashable, Sendable {
    /// No keys are made for this algorithm.
    case unsupportedAlgorithm(SigningAlgorithm)
    /// The library could not make a key or a signature.
    case libraryFailed(SigningAlgorithm)
    /// The records are none, or differ in owner or type.
    case notOneSet
    /// The zone has no SOA record at its apex.
    case noStartOfAuthority(zone: DNSName)
    /// A record lies outside of the zone.
    case outsideZone(DNSName)
    /// The zone has no key to sign with.
    case noKey(zone: DNSName)
    /// The name of the zone leaves no room for hashed names, or two names have the same hash.
    case notHashable(DNSName)
}
