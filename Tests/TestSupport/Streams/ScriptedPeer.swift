/// A foreign server that a test plays itself, word by word, over TLS by the openssl program.
///
/// It can say what no good server says.
public final class ScriptedPeer {
    /// How the connection to Ligase gets its TLS.
    public enum Transport: Sendable, CaseIterable {
        /// After a stream header and features in clear, which the openssl program exchanges; its header has no `from`.
        case startTLS
        /// From the first byte.
        case directTLS
    }

    /// The stream inside TLS.
    public let conversation: StreamConversation
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    /// Dials a server and negotiates TLS.
    ///
    /// - Parameters:
    ///   - endpoint: A listener of the server that suits `transport`.
    ///   - target: The domain that is asked for, in the stream header in clear or as server name in TLS.
    ///   - transport: How TLS begins.
    ///   - certificate: What this peer presents; `nil` for nothing.
    ///   - authority: Who has to have issued the server's certificate, as PEM.
    ///   - applicationProtocols: Offered by ALPN, with commas between them; `nil` for no ALPN.
    public init(
        dialling endpoint: Endpoint, for target: String, over transport: Transport,
        presenting certificate: CertificateFiles?,
        trusting authority: CertificateAuthority, applicationProtocols: String? = nil
    ) throws(HarnessFailure) {
        var arguments = [
            "s_client", "-connect", endpoint.description, "-quiet", "-nocommands", "-verify_quiet",
            "-CAfile", authority.certificate, "-verify_return_error", "-verify_hostname", target,
        ]
        switch transport {
        case .startTLS: arguments += ["-starttls", "xmpp-server", "-xmpphost", target]
        case .directTLS: arguments += ["-servername", target]
        }
        if let certificate {
            arguments += ["-cert", certificate.certificate, "-key", certificate.privateKey]
        }
        if let applicationProtocols { arguments += ["-alpn", applicationProtocols] }
        let (ours, theirs) = try Socket.pair()
        directory = try TemporaryDirectory(named: "peer")
        process = try ChildProcess(
            "openssl", arguments: arguments, environment: [:], logFile: directory.path(of: "log"),
            conversation: theirs.descriptor)
        conversation = StreamConversation(over: ByteConnection(over: ours), with: "the server dialled")
    }

    /// What the openssl program says of the connection, such as an alert that ended it.
    public var log: String { process.log }

    /// Opens a stream.
    ///
    /// - Returns: The server's header, and its features or its error.
    public func openStream(
        from sender: String, to target: String
    ) throws(HarnessFailure) -> (header: ReceivedElement, features: ReceivedElement) {
        conversation.restart()
        try conversation.send(
            """
            <?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' \
            xmlns:db='jabber:server:dialback' from='\(sender)' to='\(target)' version='1.0'>
            """)
        return (try conversation.receiveHeader(), try conversation.receiveElement())
    }

    /// Proves `sender` by SASL EXTERNAL on a stream that is open, and opens the stream that follows.
    ///
    /// - Throws: ``HarnessFailure/malformed(_:)`` with the server's answer if it does not take the proof.
    public func authenticate(as sender: String, to target: String) throws(HarnessFailure) {
        try conversation.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>")
        let answer = try conversation.receiveElement()
        guard answer.name == "success" else { throw .malformed("EXTERNAL is answered by \(answer)") }
        _ = try openStream(from: sender, to: target)
    }
}
