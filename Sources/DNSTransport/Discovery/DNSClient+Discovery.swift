/// Settings that change by what is found out.
extension DNSClient {
    /// Asks others from now on, and finds out what there is to be found out about them, from the beginning, as
    /// ``SharedResolver/replace(_:discovering:reported:)`` does. It reads authorities here, and blocks.
    public func replace(
        _ settings: ResolverSettings, discovering discovery: DiscoverySettings,
        reported: @escaping (DiscoveryReport) -> Void = { _ in }
    ) {
        discover(settings, discovery, ResolverDiscovery.security(for: settings, discovery), reported: reported)
    }
}
