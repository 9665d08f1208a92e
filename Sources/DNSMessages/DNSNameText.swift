/// The text form of names in master files (RFC 1035 §5.1).
enum DNSNameText {
    static func wire(of text: some StringProtocol) throws(DNSNameError) -> [UInt8] {
        let input = Array(text.utf8)
        if input == [UInt8(ascii: ".")] { return [0] }
        var wire: [UInt8] = []
        var label: [UInt8] = []
        var position = 0
        while position < input.count {
            let octet = input[position]
            position += 1
            switch octet {
            case UInt8(ascii: "."):
                try append(label, to: &wire)
                label = []
            case UInt8(ascii: "\\"):
                label.append(try unescape(input, at: &position))
            case 0x21...0x7E:
                label.append(DNSName.lowercased(octet))
            default:
                // U-labels have to be converted before they come here; blanks belong in no host name.
                throw .notASCII
            }
        }
        if !label.isEmpty { try append(label, to: &wire) }
        guard !wire.isEmpty else { throw .emptyLabel }
        wire.append(0)
        guard wire.count <= DNSName.maximumOctets else { throw .nameTooLong(octets: wire.count) }
        return wire
    }

    static func escaped(_ label: ArraySlice<UInt8>) -> String {
        var text = ""
        for octet in label {
            switch octet {
            case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "@"), UInt8(ascii: "$"):
                text += "\\" + String(Unicode.Scalar(octet))
            case 0x21...0x7E:
                text.unicodeScalars.append(Unicode.Scalar(octet))
            default:
                let digits = String(octet)
                text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        return text
    }

    private static func append(_ label: [UInt8], to wire: inout [UInt8]) throws(DNSNameError) {
        guard !label.isEmpty else { throw .emptyLabel }
        guard label.count <= DNSName.maximumLabelOctets else { throw .labelTooLong(octets: label.count) }
        wire.append(UInt8(label.count))
        wire += label
    }

    private static func unescape(_ input: [UInt8], at position: inout Int) throws(DNSNameError) -> UInt8 {
        guard position < input.count else { throw .malformed }
        let isDigit = { (octet: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= octet }
        guard isDigit(input[position]) else {
            defer { position += 1 }
            return DNSName.lowercased(input[position])
        }
        guard position + 3 <= input.count, input[position..<(position + 3)].allSatisfy(isDigit) else {
            throw .malformed
        }
        let value = input[position..<(position + 3)].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard let octet = UInt8(exactly: value) else { throw .malformed }
        position += 3
        return DNSName.lowercased(octet)
    }
}
