public import EventLoops

/// A request to one resource of one server.
public struct HTTPRequest: Hashable, Sendable {
    /// What is asked of the resource.
    public var method: HTTPMethod
    /// The resource. Its host is what the certificate has to name and what the server is told, wherever it is dialled.
    public var url: HTTPURL
    /// Where to connect, all with the same port; tried with a preference for the first and both families in parallel
    /// (RFC 8305). Empty only where the host is an address: names are never resolved here.
    public var addresses: [SocketAddress]
    /// What the server has to prove.
    public var authentication: HTTPServerAuthentication
    /// Further header fields; names and values in printable ASCII.
    public var fields: [HTTPField]
    /// The content; for ``HTTPMethod/post`` only.
    public var body: [UInt8]
    /// How many octets of content the response may have.
    public var responseLimit: Int
    /// Whether the content of a response that is no success is cut off at the limit, where otherwise the request fails:
    /// for who looks at the status alone, and must not mistake a lengthy apology for a lengthy answer.
    public var cutsOffErrors: Bool
    /// Whether it rather waits for a connection to the same address that may turn out to be HTTP/2 than have one of its own:
    /// not where hosts of strangers share an address, since one that stalls would hold up the others.
    public var waitsForOthers = true
    /// How long all of it may take, connecting included.
    public var timeLimit: Duration

    /// Makes a request.
    public init(
        _ method: HTTPMethod = .get, _ url: HTTPURL, at addresses: [SocketAddress] = [],
        authentication: HTTPServerAuthentication = .required(), fields: [HTTPField] = [], body: [UInt8] = [],
        responseLimit: Int = 65536, cutsOffErrors: Bool = false, timeLimit: Duration = .seconds(10)
    ) {
        self.method = method
        self.url = url
        self.addresses = addresses
        self.authentication = authentication
        self.fields = fields
        self.body = body
        self.responseLimit = responseLimit
        self.cutsOffErrors = cutsOffErrors
        self.timeLimit = timeLimit
    }
}
