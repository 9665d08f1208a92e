import DNSMessages
import EventLoops
import NameResolution
import Testing

@testable import DNSTransport

/// A channel on a loop of its own, which a test asks from outside.
final class ChannelAsker: Sendable {
    private let loop: EventLoop
    private let confined: Confined

    // Unchecked: the channel is made on the loop and touched only in blocks that run there.
    private struct Confined: @unchecked Sendable {
        let channel: any QueryChannel
    }

    init(_ make: (ChannelResources) -> any QueryChannel) throws {
        let loop = try EventLoop(name: "channel")
        self.loop = loop
        confined = loop.run {
            Confined(channel: make(ChannelResources(loop: loop, wallClock: { ServerCertificates.now })))
        }
    }

    /// Over TLS.
    convenience init(tls server: SocketAddress, _ demands: ServerAuthentication) throws {
        let endpoint = NameServerEndpoint.tls(server, authentication: demands)
        let security = ChannelSecurity(for: [endpoint])
        try self.init { resources in
            let verification = security.verification(of: demands)
            return StreamChannel(
                to: server, encryption: .init(context: security.context, verification: verification), resources)
        }
    }

    /// Over TCP in clear.
    convenience init(tcp server: SocketAddress) throws {
        try self.init { StreamChannel(to: server, encryption: nil, $0) }
    }

    deinit {
        loop.run { confined.channel.shutDown() }
        loop.stop()
    }

    /// Asks and waits for what comes of it.
    func ask(_ name: String, requiresAuthentication: Bool = false) async throws -> AttemptOutcome {
        let inquiry = try Self.inquiry(name, requiresAuthentication: requiresAuthentication)
        return await withCheckedContinuation { continuation in
            loop.execute { _ = self.confined.channel.ask(inquiry) { continuation.resume(returning: $0) } }
        }
    }

    /// Asks for all at once.
    func ask(all names: [String], requiresAuthentication: Bool = false) async throws -> [String: AttemptOutcome] {
        try await withThrowingTaskGroup(of: (String, AttemptOutcome).self) { group in
            for name in names {
                group.addTask { (name, try await self.ask(name, requiresAuthentication: requiresAuthentication)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Asks, and gives up or lets the time pass as soon as `condition` holds.
    func ask(
        _ name: String, until condition: @Sendable () -> Bool, then end: @escaping @Sendable (any QueryHandle) -> Void
    ) async throws {
        let inquiry = try Self.inquiry(name, requiresAuthentication: false)
        let handle = loop.run {
            Handle(
                handle: confined.channel.ask(inquiry) { outcome in
                    Issue.record("an outcome for who gave up: \(outcome)")
                })
        }
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
        loop.run { end(handle.handle) }
    }

    // Unchecked: as the channel.
    private struct Handle: @unchecked Sendable {
        let handle: any QueryHandle
    }

    private static func inquiry(_ name: String, requiresAuthentication: Bool) throws -> Inquiry {
        var inquiry = Inquiry(DNSQuestion(try DNSName(name), .a))
        inquiry.requiresAuthentication = requiresAuthentication
        return inquiry
    }
}
