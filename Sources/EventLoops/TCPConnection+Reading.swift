internal import Glibc

extension TCPConnection {
    var wantsInput: Bool {
        switch phase {
        case .open: !isReadingPaused && !hasReachedEnd
        case .closing: !hasReachedEnd
        case .closed: false
        }
    }

    private func readWithinBudget(_ readiness: Readiness) {
        let buffer = loop.confined.readBuffer
        var budget = Self.readBudget
        var hasDelivered = false
        var isOver = false
        while budget > 0, wantsInput {
            let count = descriptor.receive(into: buffer)
            if count <= 0 {
                isOver = inputEnded(count)
                break
            }
            bytesReceived += UInt64(count)
            budget -= count
            if case .open = phase {
                hasDelivered = true
                delegate?.connection(self, received: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } else if hasDiscardedTooMuch(adding: count) {
                return release(descriptor.closeWithReset)
            }
            // A short read has emptied the socket; only an end can follow, and that is worth another call.
            if count < buffer.count, readiness.isDisjoint(with: [.peerEnded, .hangUp]) { break }
        }
        if hasDelivered { delegate?.connectionFinishedReading(self) }
        if isOver, wantsInput { conclude() }
    }

    private func hasDiscardedTooMuch(adding count: Int) -> Bool {
        closing?.discarded += count
        return (closing?.discarded ?? 0) > ClosingConnection.discardLimit
    }

    /// Whether the input is over, by an end (zero) or an error (negative), rather than empty for now.
    private func inputEnded(_ count: Int) -> Bool {
        let code = Int32(truncatingIfNeeded: -count)
        if code == EAGAIN { return false }
        if code != 0, receiveFailure == nil { receiveFailure = ConnectionFailure(call: "recv", code: code) }
        return true
    }

    func concludeAfterResume() {
        if wantsInput { conclude() }
    }

    /// Everything that came has been delivered: now the end, or what broke the connection.
    private func conclude() {
        hasReachedEnd = true
        if let failure = failureSeen { return fail(failure) }
        updateInterest()
        let isFinished = if case .finished = sending { true } else { false }
        guard case .open = phase else {
            if isFinished { release(descriptor.close) }
            return
        }
        let delegate = delegate
        if isFinished { close() }
        delegate?.connectionReachedEnd(self)
    }

    private var failureSeen: ConnectionFailure? {
        if case .failed(let failure) = sending { failure } else { receiveFailure }
    }
}

extension TCPConnection: ReadinessObserver {
    func becameReady(_ readiness: Readiness) {
        if case .open = phase, delegate == nil { return close() }
        if wantsInput, readiness != .writable { readWithinBudget(readiness) }
        let isBroken = !readiness.isDisjoint(with: [.hangUp, .failed])
        if awaitsWritability, isOpen, isBroken || readiness.contains(.writable) { sendOutput() }
        guard isBroken, isOpen, !wantsInput else { return }
        if hasReachedEnd, readiness.contains(.failed) {
            let code = descriptor.takeError()
            if code != 0 { return fail(ConnectionFailure(call: "recv", code: code)) }
        }
        // Hang-up and error are reported for as long as they last, asked for or not.
        guard !isParked, !awaitsWritability else { return }
        isParked = true
        loop.confined.readiness.park(token)
    }

    func loopStopped() {
        phase = .closed
        delegate = nil
        descriptor.close()
        descriptor = .closed
        _ = output.release()
        closing = nil
    }
}
