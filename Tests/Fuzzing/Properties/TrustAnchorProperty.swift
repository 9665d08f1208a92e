internal import DNSMessages

/// Trust anchors as text: what is read and written again reads the same.
enum TrustAnchorProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        let text = String(decoding: input, as: UTF8.self)
        let anchors: [DNSRecord]
        do throws(MasterFileError) {
            anchors = try TrustAnchorText.read(text)
        } catch {
            try require(!error.description.isEmpty, "no reason")
            return
        }
        try require(!anchors.isEmpty, "no anchor and no error")
        for anchor in anchors {
            try require(anchor.type == .ds || anchor.type == .dnskey, "\(anchor) is no trust anchor")
        }
        let written = anchors.map(\.presentation).joined(separator: "\n")
        // The library refuses an owner of more than 255 octets of text, escapes included.
        guard anchors.allSatisfy({ $0.owner.description.utf8.count < 255 }) else { return }
        try require((try? TrustAnchorText.read(written)) == anchors, "\(written) is not what was read")
    }
}
