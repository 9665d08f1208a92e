internal import EventLoops
internal import NameResolution

/// Settings that change by what is found out.
extension SharedResolver {
    /// Asks others from now on, and finds out what there is to be found out about them, from the beginning.
    ///
    /// With designated resolvers to be found, questions wait for them, some seconds at most. It reads authorities here,
    /// and blocks.
    ///
    /// - Parameters:
    ///   - settings: What the configuration says.
    ///   - discovery: What is to be found out.
    ///   - reported: Gets what an operator should know, on the resolver's loop.
    public func replace(
        _ settings: ResolverSettings, discovering discovery: DiscoverySettings,
        reported: @escaping @Sendable (DiscoveryReport) -> Void
    ) {
        let security = ResolverDiscovery.security(for: settings, discovery)
        client.post { $0.discover(settings, discovery, security, reported: reported) }
    }
}
