public import EventLoops
public import TransportSecurity

/// Why an embedded name server cannot serve.
public enum NameServerFailure: Error, Hashable, Sendable {
    /// The TCP port cannot be listened on.
    case listening(ListenFailure)
    /// A system call failed; for UDP, most likely because the port is taken.
    case system(SystemError)
    /// TLS cannot be set up.
    case security(TLSContextFailure)
}
