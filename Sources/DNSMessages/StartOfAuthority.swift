/// The data of an SOA record (RFC 1035 §3.3.13), which also bounds how long "there is none" may be remembered.
public struct StartOfAuthority: Hashable, Sendable {
    /// The zone's primary name server.
    public let primaryServer: DNSName
    /// The mailbox of who is responsible.
    public let responsibleMailbox: DNSName
    /// The version of the zone.
    public let serial: UInt32
    /// Seconds between a secondary's refreshes.
    public let refresh: UInt32
    /// Seconds before a failed refresh is tried again.
    public let retry: UInt32
    /// Seconds after which a secondary that cannot refresh stops answering.
    public let expire: UInt32
    /// Seconds that a negative answer may be cached at most (RFC 2308 §4).
    public let minimum: UInt32

    /// Makes the data of an SOA record; the defaults suit a zone without secondaries.
    public init(
        primaryServer: DNSName, responsibleMailbox: DNSName, serial: UInt32 = 1, refresh: UInt32 = 3600,
        retry: UInt32 = 600, expire: UInt32 = 86_400, minimum: UInt32
    ) {
        self.primaryServer = primaryServer
        self.responsibleMailbox = responsibleMailbox
        self.serial = serial
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }
}
