internal import Configuration
internal import Diagnostics
internal import EventLoops
internal import Logging

/// Accepts connections on one loop and spreads them over all: strangers within their limits, components without.
final class Gatekeeper {
    private let loop: EventLoop
    private let shared: FederationShared
    private var admission: AdmissionControl
    private var listeners: [TCPListener] = []
    private var nextLoop = 0

    init(loop: EventLoop, shared: FederationShared, limits: Deployment) {
        self.loop = loop
        self.shared = shared
        admission = Self.admission(limits)
    }

    private static func admission(_ deployment: Deployment) -> AdmissionControl {
        let limits = deployment.configuration.limits
        return AdmissionControl(
            streamsPerAddress: limits.streamsPerAddress, handshakesPerSecond: limits.handshakesPerSecondPerAddress)
    }

    /// Takes the limits of a new configuration; who is in stays in.
    func adopt(_ deployment: Deployment) {
        let limits = deployment.configuration.limits
        admission.setLimits(
            streamsPerAddress: limits.streamsPerAddress, handshakesPerSecond: limits.handshakesPerSecondPerAddress)
    }

    /// Accepts on one more socket.
    func listen(_ socket: ListeningSocket, for kind: ListenerKind) throws(ListenFailure) {
        let listener = try TCPListener(
            socket, on: loop,
            filter: { [weak self] peer in
                guard kind != .component, let peer else { return true }
                return self?.admit(peer) ?? false
            },
            accepted: { [weak self] accepted in self?.spread(accepted, kind) })
        listener.exhausted = { [shared] error in
            shared.log.error(
                "out of file descriptors; connections are dropped",
                metadata: .facts([.reason: "\(error)", .fix: "raise LimitNOFILE"]))
        }
        listeners.append(listener)
    }

    func release(_ prefix: AddressPrefix) { admission.release(prefix) }

    /// Accepts no more.
    func stopListening() {
        for listener in listeners { listener.stop() }
        listeners = []
    }

    private func admit(_ peer: SocketAddress) -> Bool {
        let isAdmitted = admission.admit(peer.prefix64, at: Double(loop.now.nanoseconds) * 1e-9)
        if !isAdmitted {
            shared.metrics.add(1, to: .connectionsRefused)
            shared.log.debug("connection refused: too many from there", metadata: .facts([.peer: peer.description]))
        }
        return isAdmitted
    }

    private func spread(_ socket: AcceptedSocket, _ kind: ListenerKind) {
        let index = nextLoop % shared.loopCount
        nextLoop += 1
        let prefix = kind == .component ? nil : socket.peerAddress?.prefix64
        shared.switchboard(index)?.post { $0.accept(socket, for: kind, admission: prefix) }
    }
}
