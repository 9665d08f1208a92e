/// How a question to the authoritative server of a sender domain ended.
public enum DialbackAnswer: Hashable, Sendable {
    /// It says that the key is its own.
    case valid(AuthoritativeServer)
    /// It says that the key is not its own.
    case invalid(AuthoritativeServer)
    /// It presents the certificate that the peer presented, so that no key has to be asked about (XEP-0344 §2.6).
    case sameCertificate(AuthoritativeServer)
    /// It was reached, and what it would say counts for nothing under the policy; it was not asked.
    case unproven(AuthoritativeServer)
    /// Servers of the sender domain were reached, and none of them is one that the policy lets us ask.
    case unacceptable(reason: String)
    /// It answered with an error, or says that it does not serve the sender domain (DB-18).
    case notFound(reason: String)
    /// No connection came about: DNS, TCP or TLS (DB-19).
    case unreachable(reason: String)
    /// It closed the connection or stayed silent (DB-20).
    case silent(reason: String)
    /// Too much is being asked at once.
    case overloaded(reason: String)
}
