internal import Glibc

// Output leaves at the end of the turn, or when the kernel has room again.
extension TCPConnection {
    var acceptsOutput: Bool {
        if case .open = phase, case .open = sending { true } else { false }
    }

    func outputGrew() {
        if isFull { owesDrain = true }
        scheduleFlush()
    }

    func scheduleFlush() {
        guard !isFlushScheduled, !awaitsWritability, isOpen else { return }
        isFlushScheduled = true
        loop.hasOutput(self)
    }

    /// The end of the turn: one write.
    func flush() {
        isFlushScheduled = false
        guard isOpen, !awaitsWritability else { return }
        sendOutput()
    }

    func sendOutput() {
        if !output.isEmpty {
            let count = output.send(on: descriptor)
            if count < 0, -count != Int(EAGAIN) {
                return sendingFailed(ConnectionFailure(call: "send", code: Int32(truncatingIfNeeded: -count)))
            }
            if count > 0 { bytesSent += UInt64(count) }
        }
        if output.isEmpty {
            loop.confined.returnBuffer(output.release())
            if case .finishing = sending { finishSending() }
        }
        guard isOpen else { return }
        if awaitsWritability == output.isEmpty {
            awaitsWritability = !output.isEmpty
            updateInterest()
        }
        tellIfDrained()
    }

    private func finishSending() {
        sending = .finished
        if hasReachedEnd {
            release(descriptor.close)
        } else {
            descriptor.shutdownSending()
        }
    }

    /// The output is lost, but what the peer said before it broke off may explain why: that is read first.
    private func sendingFailed(_ failure: ConnectionFailure) {
        if case .closing = phase { return release(descriptor.close) }
        sending = .failed(failure)
        _ = output.release()
        if hasReachedEnd { return fail(failure) }
        awaitsWritability = false
        updateInterest()
        // An owner that reads no more until we have drained would otherwise never hear of it.
        tellIfDrained()
    }

    private func tellIfDrained() {
        guard owesDrain, output.count <= lowWaterMark else { return }
        owesDrain = false
        delegate?.connectionDidDrain(self)
    }
}
