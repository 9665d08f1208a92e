internal import CCurl
internal import EventLoops

/// The transfers of one client with their connections; owns libcurl's multi handle.
///
/// libcurl says which descriptors to watch and when to wake it; nobody calls it from within one of its callbacks, which
/// only take notes.
final class TransferSet {
    /// Told of each transfer that came to its end by itself, after libcurl has returned.
    var ended: ((Transfer, Result<HTTPResponse, HTTPFailure>) -> Void)?

    private let loop: EventLoop
    /// Nil once closed.
    private var handle: UnsafeMutableRawPointer?
    private var transfers: [Int: Transfer] = [:]
    private var watches: [Int32: DescriptorWatch] = [:]
    private var timer: LoopTimer?

    /// - Returns: nil when libcurl has no memory, or was built with another TLS library than the one we give orders to.
    init?(on loop: EventLoop, limits: HTTPClientLimits) {
        guard Library.isUsable, let handle = curl_multi_init() else { return nil }
        self.loop = loop
        self.handle = handle
        timer = loop.timer(precise: true) { [weak self] in self?.act(on: Self.noDescriptor, 0) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let codes = [
            ligase_multi_set_socket_watcher(handle) { _, descriptor, wish, context, _ in
                guard let context else { return -1 }
                let set = Unmanaged<TransferSet>.fromOpaque(context).takeUnretainedValue()
                return set.watch(descriptor, wish) ? 0 : -1
            },
            ligase_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context),
            ligase_multi_set_timer(handle) { _, milliseconds, context in
                guard let context else { return -1 }
                Unmanaged<TransferSet>.fromOpaque(context).takeUnretainedValue().wake(after: milliseconds)
                return 0
            },
            ligase_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context),
            ligase_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX)),
            ligase_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, limits.connectionsPerHost),
            ligase_multi_set_long(handle, CURLMOPT_MAXCONNECTS, limits.keptConnections),
        ]
        guard codes.allSatisfy({ $0 == CURLM_OK }) else {
            close()
            return nil
        }
    }

    deinit { close() }

    /// Starts a transfer, at the end of the loop's turn at the earliest.
    func add(_ transfer: Transfer) throws(HTTPFailure) {
        guard let handle else { throw .cancelled }
        let code = curl_multi_add_handle(handle, transfer.handle)
        guard code == CURLM_OK else { throw .badRequest(String(cString: curl_multi_strerror(code))) }
        transfers[transfer.number] = transfer
    }

    /// Ends a transfer; a connection that others use lives on.
    func remove(_ number: Int) {
        guard let handle, let transfer = transfers.removeValue(forKey: number) else { return }
        curl_multi_remove_handle(handle, transfer.handle)
    }

    /// Ends all transfers and closes all connections; nothing is told any more.
    func close() {
        guard let handle else { return }
        self.handle = nil
        ended = nil
        timer?.cancel()
        // What closing brings about must not come back to an object on its way out.
        _ = ligase_multi_set_socket_watcher(handle, nil)
        _ = ligase_multi_set_timer(handle, nil)
        for watch in watches.values { watch.cancel() }
        watches = [:]
        for transfer in transfers.values { curl_multi_remove_handle(handle, transfer.handle) }
        transfers = [:]
        curl_multi_cleanup(handle)
    }

    // MARK: Called by libcurl

    private static let noDescriptor: Int32 = -1

    private func watch(_ descriptor: Int32, _ wish: Int32) -> Bool {
        guard wish != CURL_POLL_REMOVE else {
            watches.removeValue(forKey: descriptor)?.cancel()
            return true
        }
        var interest: Interest = []
        if wish & CURL_POLL_IN != 0 { interest.insert(.reading) }
        if wish & CURL_POLL_OUT != 0 { interest.insert(.writing) }
        do throws(SystemError) {
            if let watch = watches[descriptor] {
                try watch.update(interest)
            } else {
                watches[descriptor] = try DescriptorWatch(descriptor, for: interest, on: loop) {
                    [weak self] readiness in self?.became(ready: readiness, descriptor)
                }
            }
            return true
        } catch {
            return false
        }
    }

    private func wake(after milliseconds: Int) {
        if milliseconds < 0 { timer?.cancel() } else { timer?.rearm(after: .milliseconds(milliseconds)) }
    }

    // MARK: Calling libcurl

    private func became(ready readiness: Readiness, _ descriptor: Int32) {
        var bits: Int32 = 0
        if !readiness.isDisjoint(with: [.readable, .peerEnded, .hangUp]) { bits |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { bits |= CURL_CSELECT_OUT }
        if readiness.contains(.failed) { bits |= CURL_CSELECT_ERR }
        act(on: descriptor, bits)
    }

    private func act(on descriptor: Int32, _ bits: Int32) {
        guard let handle else { return }
        var running: Int32 = 0
        curl_multi_socket_action(handle, descriptor, bits, &running)
        for (transfer, code) in takeEnded() { ended?(transfer, transfer.outcome(code)) }
    }

    private func takeEnded() -> [(Transfer, CURLcode)] {
        guard let handle else { return [] }
        var taken: [(Transfer, CURLcode)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            var code = CURLE_OK
            guard let ended = ligase_ended_transfer(message, &code), let transfer = Transfer.of(ended) else { continue }
            // From here on the message is gone.
            curl_multi_remove_handle(handle, ended)
            transfers[transfer.number] = nil
            taken.append((transfer, code))
        }
        return taken
    }

    /// The library as a whole: set up once for the process, by whoever comes first.
    private enum Library {
        static let isUsable: Bool = {
            guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK,
                let facts = curl_version_info(CURLVERSION_FIRST), let security = facts.pointee.ssl_version
            else { return false }
            return String(cString: security).contains("OpenSSL")
        }()
    }
}
