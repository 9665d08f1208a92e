/// The authorities that a name server's certificate may come from.
public enum CertificateAuthorities: Hashable, Sendable {
    /// The bundle that the system maintains.
    case system
    /// Certificates in PEM, and no others.
    case pem([UInt8])

    /// Hashes little of what may be hundreds of kilobytes: endpoints are looked up for each question.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .system: hasher.combine(0)
        case .pem(let octets): hasher.combine(octets.count)
        }
    }
}
