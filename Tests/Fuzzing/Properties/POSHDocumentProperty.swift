internal import DomainAssociation
internal import Prooftypes
internal import XMPPModel

/// POSH documents: what is read has the form that the prooftype counts on, space around it changes nothing, anything else
/// around it spoils it, and no document proves a certificate that it does not name.
enum POSHDocumentProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        let document: POSHDocument
        do throws(POSHDocumentFault) { document = try POSHDocument(input) } catch {
            try require(!error.description.isEmpty, "no reason")
            return
        }
        switch document {
        case .reference(let url, let lifetime):
            try require(HTTPSAddress(url.description) == url, "\(url) reads otherwise")
            try judge(lifetime)
        case .keys(let material):
            try judge(material.lifetime)
            try judge(material)
        }
        guard input.count < POSHDocument.mostOctets else { return }
        try require((try? POSHDocument([0x20] + input)) == document, "space in front of it matters")
        try require((try? POSHDocument(input + [0x0A])) == document, "space behind it matters")
        for octet in [UInt8(ascii: "{"), UInt8(ascii: "}"), 0, 0xFF] {
            try require((try? POSHDocument(input + [octet])) == nil, "what stands behind it does not matter")
        }
    }

    private static func judge(_ lifetime: Int64?) throws(PropertyViolation) {
        guard let lifetime else { return }
        try require((1...POSHDocument.longestLifetime).contains(lifetime), "a lifetime of \(lifetime)")
    }

    private static func judge(_ material: PublishedKeyMaterial) throws(PropertyViolation) {
        let sets: [[PublishedKeyMaterial.HashAlgorithm: [UInt8]]]
        switch material.form {
        case .fingerprints(let descriptors):
            sets = descriptors.map(\.digests)
            try require(sets.allSatisfy { $0[.sha1] == nil }, "a fingerprint by SHA-1")
            try require(material.lifetime != nil, "fingerprints without an end")
        case .webKeys(let keys):
            sets = keys.map(\.thumbprints)
            try require(sets.allSatisfy { $0[.sha1] != nil }, "a key without x5t")
        }
        try require(!sets.isEmpty, "no keys and no fault")
        for digests in sets {
            try require(!digests.isEmpty, "an entry without a digest")
            for (algorithm, digest) in digests {
                try require(digest.count == octets(algorithm), "\(algorithm.rawValue) of \(digest.count) octets")
            }
        }
        try require(!proves(material), "a certificate is proved that nobody published")
    }

    private static func octets(_ algorithm: PublishedKeyMaterial.HashAlgorithm) -> Int {
        switch algorithm {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Whether the document proves a certificate of which nobody knows the digests.
    private static func proves(_ material: PublishedKeyMaterial) -> Bool {
        guard let ours = try? DomainName("b.example"), let theirs = try? DomainName("a.example") else { return false }
        let stranger = PeerCertificate(
            der: Array("nobody knows the digests of this".utf8), sha256: [UInt8](repeating: 0x5A, count: 32))
        let claim = DomainClaim(
            pair: DomainPair(sender: theirs, target: ours), side: .sender, certificates: [stranger], moment: 0)
        var evidence = Evidence()
        evidence.add(
            PublishedKeys(.material(material), urls: ["https://a.example/"], expires: 1), of: theirs, for: .server)
        guard case .proven = POSHProoftype().assess(claim, with: evidence) else { return false }
        return true
    }
}
