internal import CCurl

/// Sets up an easy handle; every option that libcurl refuses is an error, since each one is a promise of ours.
struct TransferSettings {
    private let handle: UnsafeMutableRawPointer

    init(_ handle: UnsafeMutableRawPointer) {
        self.handle = handle
    }

    /// Everything of a request but the way to its server.
    func apply(_ request: HTTPRequest) throws(HTTPFailure) {
        try set(CURLOPT_URL, request.url.description)
        try keepToItself()
        try set(CURLOPT_PIPEWAIT, request.waitsForOthers ? 1 : 0)
        try limit(request)
        try setMethod(of: request)
        switch request.authentication {
        case .none: try trustAnybody()
        case .required(let trust, let credential):
            try demand(trust)
            if let credential { try present(credential) }
        }
    }

    // MARK: Parts

    /// What libcurl would do of its own accord, or by the environment, and shall not.
    private func keepToItself() throws(HTTPFailure) {
        try set(CURLOPT_PROTOCOLS_STR, "https")
        try set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        // Signals belong to the process; whoever runs a loop ignores SIGPIPE.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_CIPHER_LIST, Self.cipherList)
        // A session taken up again would not be verified again; a kept connection makes it superfluous.
        try set(CURLOPT_SSL_SESSIONID_CACHE, 0)
    }

    private func limit(_ request: HTTPRequest) throws(HTTPFailure) {
        let (seconds, attoseconds) = request.timeLimit.components
        // Zero would mean no limit.
        let milliseconds = max(
            1, min(Int(seconds), Self.longestSeconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
        try set(CURLOPT_TIMEOUT_MS, milliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        // It would end a response at its length, before all of its header is there.
        guard !request.cutsOffErrors else { return }
        try check(ligase_set_size(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(0, request.responseLimit))))
    }

    private func setMethod(of request: HTTPRequest) throws(HTTPFailure) {
        switch request.method {
        case .get:
            guard request.body.isEmpty else { throw .badRequest("GET has no content") }
            try set(CURLOPT_HTTPGET, 1)
        case .post:
            try set(CURLOPT_POST, 1)
            try check(request.body.withUnsafeBytes { ligase_set_body(handle, $0.baseAddress, $0.count) })
        }
    }

    private func trustAnybody() throws(HTTPFailure) {
        try set(CURLOPT_SSL_VERIFYPEER, 0)
        try set(CURLOPT_SSL_VERIFYHOST, 0)
    }

    private func demand(_ trust: HTTPTrust) throws(HTTPFailure) {
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        // Built in is a folder of the system's authorities, which would be trusted besides.
        try check(ligase_set_text(handle, CURLOPT_CAPATH, nil))
        if case .pem(let bytes) = trust.authorities {
            try check(ligase_set_text(handle, CURLOPT_CAINFO, nil))
            guard !bytes.isEmpty else { throw .badRequest("there are no authorities") }
            try setBlob(CURLOPT_CAINFO_BLOB, bytes)
        }
        guard !trust.pins.isEmpty else { return }
        guard trust.pins.allSatisfy({ $0.count == Self.pinOctets }) else { throw .badRequest("a pin has no 32 octets") }
        try set(CURLOPT_PINNEDPUBLICKEY, trust.pins.map { "sha256//\(Self.base64($0))" }.joined(separator: ";"))
    }

    private func present(_ credential: HTTPCredential) throws(HTTPFailure) {
        switch credential {
        case .basic(let username, let password):
            guard !username.utf8.contains(UInt8(ascii: ":")), !(username + password).utf8.contains(where: { $0 < 32 })
            else { throw .badRequest("the user name or password has a character that cannot be sent") }
            try set(CURLOPT_HTTPAUTH, ligase_basic_authentication)
            try set(CURLOPT_USERNAME, username)
            try set(CURLOPT_PASSWORD, password)
        case .certificate(let chain, let key):
            try set(CURLOPT_SSLCERTTYPE, "PEM")
            try setBlob(CURLOPT_SSLCERT_BLOB, chain)
            try set(CURLOPT_SSLKEYTYPE, "PEM")
            try setBlob(CURLOPT_SSLKEY_BLOB, key)
        }
    }

    // MARK: Single options

    func set(_ option: CURLoption, _ value: Int) throws(HTTPFailure) {
        try check(ligase_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, _ value: String) throws(HTTPFailure) {
        try check(ligase_set_text(handle, option, value))
    }

    func set(_ option: CURLoption, _ value: TextList) throws(HTTPFailure) {
        try check(ligase_set_list(handle, option, value.head))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(HTTPFailure) {
        try check(ligase_set_pointer(handle, option, value))
    }

    func setReceiver(_ option: CURLoption, _ receiver: ligase_bytes_received) throws(HTTPFailure) {
        try check(ligase_set_receiver(handle, option, receiver))
    }

    /// Whatever libcurl would have to look up ends the transfer instead.
    func demandNoNames() throws(HTTPFailure) {
        try check(ligase_set_name_guard(handle) { _, _, _ in 1 })
    }

    func prepareSecurity(_ preparation: ligase_security_prepared) throws(HTTPFailure) {
        try check(ligase_set_security_preparation(handle, preparation))
    }

    private func setBlob(_ option: CURLoption, _ bytes: [UInt8]) throws(HTTPFailure) {
        try check(bytes.withUnsafeBytes { ligase_set_blob(handle, option, $0.baseAddress, $0.count) })
    }

    private func check(_ code: CURLcode) throws(HTTPFailure) {
        guard code == CURLE_OK else { throw .badRequest(String(cString: curl_easy_strerror(code))) }
    }

    /// RFC 9325 §4.2; for TLS 1.3 what OpenSSL offers is good.
    private static let cipherList =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    private static let longestSeconds = 3600
    private static let pinOctets = 32

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? digits[Int(bits >> UInt32(18 - 6 * place) & 63)] : "=")
            }
        }
        return text
    }
}
