internal import EventLoops
internal import NameResolution

/// The channels to one endpoint, made when they are first needed.
///
/// Which there are follows from what the endpoint is configured to speak: to one that has to be asked encrypted there
/// is no way in clear, whoever asks for it (EN-03).
final class EndpointChannels {
    private let endpoint: NameServerEndpoint
    private let security: ChannelSecurity
    private let bootstrap: Bootstrap
    private let resources: ChannelResources
    private var channels: [AnswerSource.Transport: any QueryChannel] = [:]

    init(
        _ endpoint: NameServerEndpoint, _ security: ChannelSecurity, _ bootstrap: Bootstrap,
        _ resources: ChannelResources
    ) {
        self.endpoint = endpoint
        self.security = security
        self.bootstrap = bootstrap
        self.resources = resources
    }

    /// The way that a query is to travel.
    ///
    /// - Throws: The reason why there is no such way.
    func channel(for transport: AnswerSource.Transport) throws(QueryFailure) -> any QueryChannel {
        if let channel = channels[transport] { return channel }
        let channel = try make(transport)
        channels[transport] = channel
        return channel
    }

    /// Closes everything; no completion is called any more.
    func shutDown() {
        for channel in channels.values { channel.shutDown() }
        channels = [:]
    }

    private func make(_ transport: AnswerSource.Transport) throws(QueryFailure) -> any QueryChannel {
        switch (transport, endpoint.server.channel) {
        case (.udp, .cleartext):
            return DatagramChannel(to: try address(), resources)
        case (.tcp, .cleartext):
            return StreamChannel(to: try address(), encryption: nil, resources)
        case (.tls, .tls):
            let address = try address()
            // What is encrypted there would not be recognised, and what is not must never go there (RFC 7858 §3.1).
            guard address.port != NameServerEndpoint.cleartextPort else {
                throw .encryptionFailed("port 53 is for questions in clear")
            }
            let verification = security.verification(of: endpoint.authentication)
            return StreamChannel(
                to: address, encryption: .init(context: security.context, verification: verification), resources)
        case (.https, .https):
            guard let settings = endpoint.https else { throw .unreachable("it has no URI") }
            return HTTPSQueryChannel(
                to: settings, at: endpoint.address, authentication: endpoint.authentication, bootstrap: bootstrap,
                resources)
        case (.udp, _), (.tcp, _), (.tls, _), (.https, _):
            throw .unreachable("it is not to be asked over \(transport.rawValue)")
        }
    }

    private func address() throws(QueryFailure) -> SocketAddress {
        guard let address = endpoint.address else { throw .unreachable("it has no address") }
        return address
    }
}
