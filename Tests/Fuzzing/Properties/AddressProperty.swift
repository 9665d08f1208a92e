internal import XMPPModel

/// Domains and addresses: what is accepted has one normal form, which is accepted as itself.
enum AddressProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        let text = String(decoding: input, as: UTF8.self)
        if let domain = try? DomainName(text) { try checkDomain(domain, text) }
        let strict = try? DomainName(utf8: input)
        try require(
            strict == (text.utf8.elementsEqual(input) ? try? DomainName(text) : nil), "octets and text differ")
        if let address = try? JabberID(text) { try checkAddress(address) }
        let parts = try? AddressSyntax.split(input)
        if let parts {
            for part in [parts.localpart, parts.domain, parts.resourcepart] {
                guard let part else { continue }
                try require(part.lowerBound >= 0 && part.upperBound <= input.count, "a part outside the address")
                try require((1...1023).contains(part.count), "a part of \(part.count) octets")
            }
        }
        // The walk over a slice must be the walk over an array.
        let slice = ([0] + input + [0])[1..<input.count + 1]
        try require((try? AddressSyntax.split(slice)) == parts, "a slice is split differently")
    }

    private static func checkDomain(_ domain: DomainName, _ text: String) throws(PropertyViolation) {
        try require(
            (try? DomainName(domain.description)) == domain, "\(domain) is not the normal form of itself")
        guard let fromASCII = try? DomainName(domain.ascii) else {
            throw PropertyViolation("\(domain.ascii), the ASCII form of \(domain), is no domain")
        }
        try require(
            fromASCII == domain && fromASCII.ascii == domain.ascii, "\(domain.ascii) is not another form of \(domain)")
        try require(domain.ascii.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(Array(domain.ascii.utf8)) is not ASCII")
        try require(text.utf8.allSatisfy { $0 > 0x20 }, "blanks and controls in \(Array(text.utf8)) were overlooked")
        let isSame = Array(domain.description.utf8).withUnsafeBytes { domain.hasSameSpelling(as: $0) }
        try require(isSame, "\(domain) is not spelt like itself")
    }

    private static func checkAddress(_ address: JabberID) throws(PropertyViolation) {
        guard let again = try? JabberID(address.description) else {
            throw PropertyViolation("\(address) is no address")
        }
        try require(again == address, "\(address) reads differently again")
        try checkDomain(address.domain, address.domain.description)
    }
}
