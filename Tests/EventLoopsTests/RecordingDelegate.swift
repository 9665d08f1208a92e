import EventLoops

/// Writes down what a connection says; what it should do is put in by the test.
final class RecordingDelegate: TCPConnectionDelegate {
    enum Event: Equatable {
        case received(Int)
        case finishedReading
        case reachedEnd
        case failed(ConnectionFailure)
        case drained
    }

    var events: [Event] = []
    var bytes: [UInt8] = []
    var whenReceived: (TCPConnection, [UInt8]) -> Void = { _, _ in }
    var whenFinishedReading: (TCPConnection) -> Void = { _ in }
    var whenDrained: (TCPConnection) -> Void = { _ in }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        events.append(.received(bytes.count))
        self.bytes += bytes
        whenReceived(connection, Array(bytes))
    }

    func connectionFinishedReading(_ connection: TCPConnection) {
        events.append(.finishedReading)
        whenFinishedReading(connection)
    }

    func connectionReachedEnd(_ connection: TCPConnection) {
        events.append(.reachedEnd)
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) {
        events.append(.failed(failure))
    }

    func connectionDidDrain(_ connection: TCPConnection) {
        events.append(.drained)
        whenDrained(connection)
    }
}
