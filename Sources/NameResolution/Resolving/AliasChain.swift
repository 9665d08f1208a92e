internal import DNSMessages

/// The aliases followed from the name asked about, without loops and no longer than a limit (DN-13).
struct AliasChain: Sendable {
    private(set) var names: [DNSName]
    private(set) var lifetime = Duration.seconds(Int64.max)
    private let limit: Int

    init(from name: DNSName, limit: Int) {
        names = [name]
        self.limit = limit
    }

    var last: DNSName { names[names.count - 1] }

    /// Follows an alias; false, and no change, when it leads back or too far.
    mutating func follow(_ name: DNSName, lifetime: Duration) -> Bool {
        guard names.count <= limit, !names.contains(name) else { return false }
        names.append(name)
        self.lifetime = min(self.lifetime, lifetime)
        return true
    }
}
