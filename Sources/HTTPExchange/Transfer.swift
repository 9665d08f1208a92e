internal import CCurl
internal import EventLoops

/// One request and what has come of its response; owns libcurl's easy handle and all that it points to.
final class Transfer {
    /// What the client knows it by.
    let number: Int
    /// For ``TransferSet`` alone.
    let handle: UnsafeMutableRawPointer
    /// What the security callback demands besides what libcurl checks.
    let demand: NameDemand?

    private let responseLimit: Int
    private let cutsOffErrors: Bool
    private let isAuthenticated: Bool
    private let errorText: UnsafeMutablePointer<CChar>
    private var header = HTTPHeaderReader()
    private var body: [UInt8] = []
    private var isOverLimit = false
    private let lists: [TextList]

    /// Prepares a request; nothing is sent yet.
    ///
    /// - Throws: ``HTTPFailure/badRequest(_:)``.
    init(_ number: Int, for request: HTTPRequest) throws(HTTPFailure) {
        let route = try DialledRoute(of: request)
        guard request.fields.allSatisfy(\.isSendable) else { throw .badRequest("a header field cannot be sent") }
        guard let handle = curl_easy_init() else { throw .badRequest("no memory") }
        self.number = number
        self.handle = handle
        responseLimit = request.responseLimit
        cutsOffErrors = request.cutsOffErrors
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let resolved = TextList([route.resolution])
        let connected = TextList([route.connection])
        // Without `Expect` libcurl would hold back a body until the server asks for it.
        let fields = TextList(request.fields.map { "\($0.name): \($0.value)" } + ["Expect:"])
        lists = [resolved, connected, fields]
        if case .required(let trust, _) = request.authentication {
            isAuthenticated = true
            demand = NameDemand(url: request.url, trust: trust)
        } else {
            isAuthenticated = false
            demand = nil
        }

        let settings = TransferSettings(handle)
        try settings.set(CURLOPT_RESOLVE, resolved)
        try settings.set(CURLOPT_CONNECT_TO, connected)
        try settings.set(CURLOPT_ADDRESS_SCOPE, Int(route.scope))
        try settings.set(CURLOPT_HTTPHEADER, fields)
        try settings.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText))
        try settings.apply(request)
        try installCallbacks(with: settings)
    }

    deinit {
        curl_easy_cleanup(handle)
        errorText.deallocate()
    }

    /// The transfer that an easy handle belongs to.
    static func of(_ handle: UnsafeMutableRawPointer) -> Transfer? {
        var pointer: UnsafeMutableRawPointer?
        guard ligase_get_pointer(handle, CURLINFO_PRIVATE, &pointer) == CURLE_OK else { return nil }
        return pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// What has come of it, given libcurl's word.
    func outcome(_ code: CURLcode) -> Result<HTTPResponse, HTTPFailure> {
        let isSuccess = (200..<300).contains(header.status ?? 0)
        let isCutOff = isOverLimit && cutsOffErrors && !isSuccess
        if !isCutOff, isOverLimit || code == CURLE_FILESIZE_EXCEEDED {
            return .failure(.tooLarge(limit: responseLimit))
        }
        if header.isOverLimit { return .failure(.tooLarge(limit: HTTPHeaderReader.mostOctets)) }
        guard code == CURLE_OK || isCutOff else { return .failure(failure(code)) }
        guard let status = header.status else { return .failure(.brokenOff("there is no status")) }
        return .success(
            HTTPResponse(
                status: status, fields: header.fields, body: body, isAuthenticated: isAuthenticated,
                version: fact(CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0) ? "2" : "1.1",
                usedKeptConnection: fact(CURLINFO_NUM_CONNECTS) == 0))
    }

    private func failure(_ code: CURLcode) -> HTTPFailure {
        let said = String(cString: errorText)
        let reason = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
        return switch code {
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_COULDNT_CONNECT: .unreachable(systemReason ?? reason)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_INTERFACE_FAILED: .unreachable(reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS:
            .notAuthenticated(reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED: .tlsFailed(reason)
        case CURLE_SSL_CACERT_BADFILE: .badRequest("the authorities cannot be read: \(reason)")
        case CURLE_SSL_CERTPROBLEM: .badRequest("our certificate cannot be used: \(reason)")
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_FAILED_INIT, CURLE_OUT_OF_MEMORY:
            .badRequest(reason)
        default: .brokenOff(reason)
        }
    }

    /// The system's word on a connection that failed: libcurl's names the route, which means nothing to an operator.
    private var systemReason: String? {
        let code = Int32(truncatingIfNeeded: fact(CURLINFO_OS_ERRNO))
        return code > 0 ? SystemError(call: "connect", code: code).description : nil
    }

    private func fact(_ name: CURLINFO) -> Int {
        var value = 0
        return ligase_get_long(handle, name, &value) == CURLE_OK ? value : 0
    }

    // MARK: Called by libcurl

    private func installCallbacks(with settings: borrowing TransferSettings) throws(HTTPFailure) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try settings.set(CURLOPT_PRIVATE, context)
        try settings.set(CURLOPT_WRITEDATA, context)
        try settings.set(CURLOPT_HEADERDATA, context)
        try settings.set(CURLOPT_SSL_CTX_DATA, context)
        try settings.setReceiver(CURLOPT_WRITEFUNCTION) { bytes, unit, count, context in
            Transfer.receive(bytes, unit * count, context) { $0.append($1) }
        }
        try settings.setReceiver(CURLOPT_HEADERFUNCTION) { bytes, unit, count, context in
            Transfer.receive(bytes, unit * count, context) { $0.header.append($1) }
        }
        try settings.demandNoNames()
        guard demand != nil else { return }
        try settings.prepareSecurity { _, security, context in
            guard let security, let context,
                let demand = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().demand
            else { return CURLE_ABORTED_BY_CALLBACK }
            return demand.impose(on: security) ? CURLE_OK : CURLE_SSL_CONNECT_ERROR
        }
    }

    /// How many of the bytes were taken: any other number than all ends the transfer.
    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ body: (Transfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return body(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= responseLimit - body.count else {
            isOverLimit = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }
}
