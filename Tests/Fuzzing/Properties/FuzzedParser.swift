internal import StreamProtocol

/// Everything that reads bytes from outside; the raw value names its harness and the folder of its corpus.
public enum FuzzedParser: String, CaseIterable, Sendable {
    case xmlStream = "xml-stream"
    case receivingStream = "receiving-stream"
    case initiatingStream = "initiating-stream"
    case componentStream = "component-stream"
    case dnsMessage = "dns-message"
    case dnsRecord = "dns-record"
    case trustAnchors = "trust-anchors"
    case configuration
    case tlsSession = "tls-session"
    case certificate
    case textEncoding = "text-encoding"
    case controlSocket = "control-socket"
    case address
    case poshDocument = "posh-document"
    case httpsAddress = "https-address"

    /// Gives the bytes to the parser and watches what it makes of them.
    ///
    /// - Throws: ``PropertyViolation``; a trap, a hang and a sanitizer's report speak for themselves.
    public func check(_ input: [UInt8]) throws(PropertyViolation) {
        switch self {
        case .xmlStream: try XMLStreamProperty.check(input)
        case .receivingStream: try StreamProperty.check(input, of: .receiving)
        case .initiatingStream: try StreamProperty.check(input, of: .initiating)
        case .componentStream: try ComponentProperty.check(input)
        case .dnsMessage: try DNSMessageProperty.check(input)
        case .dnsRecord: try DNSRecordProperty.check(input)
        case .trustAnchors: try TrustAnchorProperty.check(input)
        case .configuration: try ConfigurationProperty.check(input)
        case .tlsSession: try TLSSessionProperty.check(input)
        case .certificate: try CertificateProperty.check(input)
        case .textEncoding: try TextEncodingProperty.check(input)
        case .controlSocket: try ControlSocketProperty.check(input)
        case .address: try AddressProperty.check(input)
        case .poshDocument: try POSHDocumentProperty.check(input)
        case .httpsAddress: try HTTPSAddressProperty.check(input)
        }
    }

    /// The body of every harness: a violation ends the process, which is how libFuzzer learns of it.
    public func checkOrStop(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        do throws(PropertyViolation) {
            try check(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch {
            fatalError("\(rawValue): \(error)")
        }
    }
}
