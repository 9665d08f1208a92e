internal import TransportSecurity

/// What one encrypted connection begins with.
struct ConnectionSecurity {
    /// The client side of TLS, at its beginning.
    let session: TLSSession
    /// Decides on the server's certificates.
    let verification: ServerVerification
}
