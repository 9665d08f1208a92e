/// Numbers of the message format (RFC 1035 §4.1, RFC 6891 §6).
enum MessageFormat {
    static let headerOctets = 12
    static let classInternet: UInt16 = 1
    static let maximumOctets = 65_535
    /// What a response may hold here; ten times what honest servers send.
    static let maximumRecords = 1000
    /// What is kept of the additional section: the addresses of a few servers.
    static let maximumAdditionals = 64
    /// A query is padded to a multiple of this, a response to a multiple of that (RFC 8467 §4.1).
    static let queryBlockOctets = 128
    static let responseBlockOctets = 468

    static let response: UInt16 = 0x8000
    static let operationMask: UInt16 = 0x7800
    static let authoritative: UInt16 = 0x0400
    static let truncated: UInt16 = 0x0200
    static let recursionDesired: UInt16 = 0x0100
    static let recursionAvailable: UInt16 = 0x0080
    static let authenticated: UInt16 = 0x0020
    static let checkingDisabled: UInt16 = 0x0010
    static let codeMask: UInt16 = 0x000F
}
