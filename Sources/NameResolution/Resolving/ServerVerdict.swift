internal import DNSMessages

/// What a server's own validation is worth: the AD bit, from who can be believed (DS-14, RFC 4035 §4.9.3).
enum ServerVerdict {
    static func report(on reception: Retrieval.Reception, from server: UpstreamServer) -> ValidationReport {
        let channel = reception.source.transport
        let isTrusted = channel.isEncrypted ? reception.source.isAuthenticated : server.isLoopback
        guard reception.response.isAuthenticated else {
            return ValidationReport(
                status: .insecure, reason: "\(server.name) did not say that it validated the answer")
        }
        guard isTrusted else {
            let flaw = channel.isEncrypted ? "it did not prove who it is" : "it was asked in clear"
            return ValidationReport(
                status: .insecure, reason: "\(server.name) says that it validated the answer, but \(flaw)")
        }
        return ValidationReport(
            status: .secure, reason: "\(server.name) says that it validated the answer (over \(channel.rawValue))")
    }
}
