internal import CMicroHTTPD
internal import EventLoops
internal import Glibc

/// The request line as the library hands it over; its pointers end with the call.
struct RequestLine {
    let target: UnsafePointer<CChar>?
    let method: UnsafePointer<CChar>?
    let version: UnsafePointer<CChar>?
}

/// One connection of a client; kept by the library until it says that it has ended.
final class ServedConnection {
    /// Where the client is.
    let prefix: AddressPrefix?
    /// Ends the connection when the client is too slow.
    var deadline: LoopTimer?
    /// How many requests have come.
    var requests = 0
    /// Whether the connection ends with the answer to this request.
    var isLast = false
    /// What it waits for.
    private(set) var search: Int?
    /// Whether this request has its answer.
    private(set) var hasAnswered = false

    private let handle: OpaquePointer
    private var found: HTTPServerResponse?

    init(_ handle: OpaquePointer, from prefix: AddressPrefix?) {
        self.handle = handle
        self.prefix = prefix
    }

    /// The object behind the library's connection.
    static func of(_ handle: OpaquePointer) -> ServedConnection? {
        ligase_http_object(handle).map { Unmanaged<ServedConnection>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: The request

    func request(_ line: RequestLine) -> HTTPServerRequest {
        var fields: [HTTPField] = []
        withUnsafeMutablePointer(to: &fields) { fields in
            ligase_http_fields(
                handle,
                { context, _, name, nameBytes, value, valueBytes in
                    let fields = context?.assumingMemoryBound(to: [HTTPField].self)
                    // By its length: nothing hides behind a zero.
                    fields?.pointee.append(
                        HTTPField(
                            String(decoding: UnsafeRawBufferPointer(start: name, count: nameBytes), as: UTF8.self),
                            String(decoding: UnsafeRawBufferPointer(start: value, count: valueBytes), as: UTF8.self)))
                    return ligase_http_result(1)
                }, UnsafeMutableRawPointer(fields))
        }
        let version = line.version.map { String(cString: $0) } ?? ""
        return HTTPServerRequest(
            method: line.method.map { String(cString: $0) } ?? "",
            target: line.target.map { String(cString: $0) } ?? "",
            fields: fields, isBeforeHTTP11: version == "HTTP/1.0", hasContent: Self.announceContent(fields))
    }

    /// Whether content follows the header (RFC 9112 §6). In doubt it does, so that nothing of it is taken for a request.
    private static func announceContent(_ fields: [HTTPField]) -> Bool {
        let lengths = fields.filter { $0.name.lowercased() == "content-length" }
        return lengths.count > 1 || lengths.contains { $0.value != "0" }
            || fields.contains { $0.name.lowercased() == "transfer-encoding" }
    }

    /// The next request begins with nothing of this one.
    func requestEnded() {
        hasAnswered = false
        found = nil
    }

    // MARK: Waiting

    func suspend(for search: Int) {
        self.search = search
        MHD_suspend_connection(handle)
    }

    /// Goes on with what was found; the library asks for it when it runs next.
    func resume(with response: HTTPServerResponse) {
        search = nil
        found = response
        MHD_resume_connection(handle)
    }

    func takeFound() -> HTTPServerResponse? {
        defer { found = nil }
        return found
    }

    /// Both directions end; what was not sent is lost.
    func abandon() {
        let descriptor = ligase_http_descriptor(handle)
        if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    // MARK: The answer

    /// False when it could not be sent, which ends the connection.
    func send(_ response: HTTPServerResponse) -> Bool {
        hasAnswered = true
        let made = response.body.withUnsafeBytes { ligase_http_response($0.baseAddress, $0.count) }
        guard let made else { return false }
        defer { MHD_destroy_response(made) }
        for field in response.fields where field.isSendable {
            MHD_add_response_header(made, field.name, field.value)
        }
        if isLast { MHD_add_response_header(made, "Connection", "close") }
        return ligase_http_succeeded(MHD_queue_response(handle, UInt32(clamping: response.status), made)) != 0
    }
}
