import DNSMessages
import TestSupport

/// A question of the test's own, in clear and over TCP, with DO and without CD unless it says otherwise.
enum PlainQuestion {
    static func ask(_ name: String, _ type: RecordType, at endpoint: Endpoint) throws -> DNSResponse {
        try ask(DNSQuestion(try DNSName(name), type), at: endpoint)
    }

    static func ask(
        _ question: DNSQuestion, at endpoint: Endpoint, wantsSignatures: Bool = true, disablesChecking: Bool = false
    ) throws -> DNSResponse {
        let query = DNSQuery(
            identifier: 4711, question: question, wantsSignatures: wantsSignatures, disablesChecking: disablesChecking)
        let message = try query.encode()
        let connection = try ByteConnection(to: endpoint)
        try connection.send([UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message)
        var received: [UInt8] = []
        while received.count < 2 || received.count < 2 + Int(received[0]) << 8 + Int(received[1]) {
            let piece = try connection.receive(before: .after(.seconds(10)))
            guard !piece.isEmpty else { throw HarnessFailure.timedOut(awaiting: "answer to \(question)", log: "") }
            received += piece
        }
        return try DNSResponse(decoding: Array(received[2...]))
    }
}
