internal import COpenSSL

/// The two ends of a session's BIO: it reads from bytes lent for one call, and writes to a buffer lent for one call.
///
/// Memory BIOs keep what passed through them and never shrink; this one holds nothing between two calls.
final class RecordExchange {
    /// What the loop has read, valid for the duration of one call.
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// How much of `input` has been consumed.
    private var position = 0
    /// Where records go; exchanged for the caller's array during a call, empty otherwise.
    private var output: [UInt8] = []

    /// Lends the buffers to OpenSSL while `body` runs.
    func lend<Result>(
        _ ciphertext: UnsafeRawBufferPointer, _ destination: inout [UInt8], body: () -> Result
    ) -> Result {
        input = ciphertext
        position = 0
        swap(&output, &destination)
        defer {
            swap(&output, &destination)
            input = UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return body()
    }

    /// Whether OpenSSL has taken everything that was lent.
    var isInputConsumed: Bool { position == input.count }

    private func read(into destination: UnsafeMutablePointer<CChar>, count: Int) -> Int {
        let available = min(count, input.count - position)
        guard available > 0, let start = input.baseAddress else { return 0 }
        UnsafeMutableRawPointer(destination).copyMemory(from: start + position, byteCount: available)
        position += available
        return available
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        output.append(contentsOf: bytes)
    }

    /// Makes a BIO on this exchange, which must outlive it.
    func makeBIO() -> OpaquePointer? {
        guard let method = Self.method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    // Filled in once, before anyone can see it, and only read from then on.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ligase loop buffers") else {
            return nil
        }
        BIO_meth_set_read(method) { bio, destination, count in
            guard let destination, let data = BIO_get_data(bio) else { return -1 }
            let taken = Unmanaged<RecordExchange>.fromOpaque(data)._withUnsafeGuaranteedRef {
                $0.read(into: destination, count: Int(count))
            }
            ligase_BIO_clear_retry(bio)
            guard taken > 0 else {
                ligase_BIO_set_retry_read(bio)
                return -1
            }
            return Int32(taken)
        }
        BIO_meth_set_write(method) { bio, source, count in
            guard let source, count > 0, let data = BIO_get_data(bio) else { return 0 }
            ligase_BIO_clear_retry(bio)
            Unmanaged<RecordExchange>.fromOpaque(data)._withUnsafeGuaranteedRef {
                $0.write(UnsafeRawBufferPointer(start: source, count: Int(count)))
            }
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()
}
