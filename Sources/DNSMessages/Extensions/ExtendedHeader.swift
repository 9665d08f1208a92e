/// The pseudo record of EDNS, which extends the header of a message (RFC 6891 §6.1).
struct ExtendedHeader {
    /// What the time to live of other records holds (RFC 6891 §6.1.3).
    private static let signaturesWantedBit: UInt32 = 0x8000
    private static let ownerAndType: [UInt8] = [0, 0, 41]

    var payloadOctets: UInt16
    var upperCodeBits: UInt8 = 0
    var version: UInt8 = 0
    var signaturesWanted = false
    var options: [ExtensionOption] = []

    /// A header without options.
    init(payloadOctets: UInt16) {
        self.payloadOctets = payloadOctets
    }

    /// Reads the fields of the record.
    ///
    /// - Throws: ``DNSMessageFailure/badRecord(_:)`` when an option is cut short.
    init(recordClass: UInt16, timeToLive: UInt32, data: ArraySlice<UInt8>) throws(DNSMessageFailure) {
        payloadOctets = recordClass
        upperCodeBits = UInt8(truncatingIfNeeded: timeToLive >> 24)
        version = UInt8(truncatingIfNeeded: timeToLive >> 16)
        signaturesWanted = timeToLive & Self.signaturesWantedBit != 0
        guard let options = ExtensionOption.read(data) else { throw .badRecord(.opt) }
        self.options = options
    }

    /// The value of the first option of a kind.
    func value(of code: ExtensionOption.Code) -> [UInt8]? { options.first { $0.code == code }?.value }

    /// Puts the record behind the others of an encoded message, as its last.
    ///
    /// - Parameter block: With padding, so that the length of the whole is a multiple of this (RFC 8467 §4).
    /// - Throws: ``DNSMessageFailure/notEncodable`` when the message becomes too long.
    func append(to message: inout [UInt8], paddedTo block: Int?) throws(DNSMessageFailure) {
        var data = options.flatMap(\.octets)
        var record = Self.ownerAndType
        record.appendBigEndian(payloadOctets)
        record += [upperCodeBits, version]
        record.appendBigEndian(UInt16(truncatingIfNeeded: signaturesWanted ? Self.signaturesWantedBit : 0))
        if let block {
            let lengthField = 2
            let length = message.count + record.count + lengthField + data.count + ExtensionOption.headerOctets
            let missing = (block - length % block) % block
            // A message that is almost as long as can be is padded as far as there is room.
            let room = max(0, MessageFormat.maximumOctets - length)
            data += ExtensionOption(code: .padding, value: [UInt8](repeating: 0, count: min(missing, room))).octets
        }
        guard let length = UInt16(exactly: data.count), let count = UInt16(exactly: Self.recordCount(of: message) + 1)
        else { throw .notEncodable }
        record.appendBigEndian(length)
        message += record + data
        guard message.count <= MessageFormat.maximumOctets else { throw .notEncodable }
        (message[10], message[11]) = (UInt8(count >> 8), UInt8(count & 0xFF))
    }

    /// The count of the additional section.
    private static func recordCount(of message: [UInt8]) -> Int { Int(message[10]) << 8 | Int(message[11]) }
}
