internal import Dispatch
internal import Glibc
internal import Synchronization

/// A name server for one small unsigned zone, on UDP, that answers the resolvers of Ligase, Prosody and ejabberd.
///
/// Every name under the zone that it does not know does not exist, and so does every other name: nothing leaves the
/// machine.
public final class NameServer {
    /// Where it answers.
    public let endpoint: Endpoint
    private let source: any DispatchSourceRead
    private let asked: AskedQuestions

    /// Starts to answer.
    ///
    /// - Parameter zone: Lines `name SRV priority weight port target` and `name A address`.
    public init(zone text: String) throws(HarnessFailure) {
        let zone = try Zone(text)
        let address = LoopbackAddress.unused()
        let socket = try Socket(type: SOCK_DGRAM)
        try socket.bind(to: Endpoint(address, port: 0))
        endpoint = try socket.localEndpoint(on: address)
        let asked = AskedQuestions()
        self.asked = asked
        let descriptor = socket.descriptor
        let queue = DispatchQueue(label: "test.name-server")
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor.number, queue: queue)
        source.setEventHandler { Self.answerNext(on: descriptor, from: zone, noting: asked) }
        // Holds the socket until the source has let go of it.
        source.setCancelHandler { withExtendedLifetime(descriptor) {} }
        source.activate()
    }

    deinit { source.cancel() }

    /// The questions so far, each as `name type-number`.
    public var questions: [String] { asked.list.withLock { $0 } }

    private final class AskedQuestions: Sendable {
        let list = Mutex<[String]>([])
    }

    private static func answerNext(on descriptor: Descriptor, from zone: Zone, noting asked: AskedQuestions) {
        var query = [UInt8](repeating: 0, count: 4096)
        var peer = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let count = recvfrom(descriptor.number, &query, query.count, 0, address, &size)
                guard count > 0, let message = NameServerMessage(Array(query[..<count])) else { return }
                asked.list.withLock { $0.append("\(message.name) \(message.type)") }
                let answer = message.answer(from: zone)
                _ = sendto(descriptor.number, answer, answer.count, 0, address, size)
            }
        }
    }
}
