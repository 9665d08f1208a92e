internal import DNSMessages
internal import EventLoops
internal import TestSupport

/// Asks a name server many questions over UDP, a fixed number at a time.
final class DatagramLoad {
    private let questions: [DNSQuestion]
    private let window: Int
    private var socket: DatagramSocket?
    private var next = 0
    private(set) var answered = 0
    private(set) var failure: String?
    var isOver: Bool { answered == questions.count || failure != nil }

    init(_ questions: [DNSQuestion], window: Int) {
        self.questions = questions
        self.window = window
    }

    func start(at server: SocketAddress, on loop: EventLoop) {
        do throws(ConnectionFailure) {
            socket = try DatagramSocket(
                connectedTo: server, on: loop, received: { [unowned self] in received($0) },
                failed: { [unowned self] in failure = "\($0)" })
            for _ in 0..<window { ask() }
        } catch {
            failure = "\(error)"
        }
    }

    func stop() {
        socket?.close()
        socket = nil
    }

    private func ask() {
        guard next < questions.count else { return }
        let query = DNSQuery(
            identifier: UInt16(truncatingIfNeeded: next), question: questions[next], wantsSignatures: true)
        next += 1
        do {
            try socket?.send(try query.encode())
        } catch {
            failure = "\(error)"
        }
    }

    private func received(_ datagram: UnsafeRawBufferPointer) {
        guard let response = try? DNSResponse(decoding: Array(datagram)) else { return failure = "garbage" }
        guard response.code == .noError, !response.answers.isEmpty else { return failure = "\(response.code)" }
        answered += 1
        ask()
    }
}
