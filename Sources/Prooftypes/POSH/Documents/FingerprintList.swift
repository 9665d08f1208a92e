internal import DomainAssociation
internal import TransportSecurity

/// The descriptors of an RFC 7711 document (§3.1), those that can be used.
struct FingerprintList {
    private(set) var descriptors: [PublishedKeyMaterial.Descriptor] = []
    /// What was passed over, and why.
    var remarks = DocumentRemarks()

    /// SHA-1 is no fingerprint here: whoever writes the RFC's form can write a better one.
    private static let algorithms: [PublishedKeyMaterial.HashAlgorithm] = [.sha256, .sha384, .sha512]

    mutating func read(_ objects: [[String: JSONValue]]) {
        for (index, object) in objects.enumerated() {
            var digests: [PublishedKeyMaterial.HashAlgorithm: [UInt8]] = [:]
            for algorithm in Self.algorithms {
                guard let value = object[algorithm.rawValue] else { continue }
                if let digest = value.text.flatMap(POSHBase64.decode), digest.count == algorithm.octets {
                    digests[algorithm] = digest
                } else {
                    remarks.append("fingerprint \(index + 1): its \(algorithm.rawValue) is not the base64 of a digest")
                }
            }
            if digests.isEmpty {
                remarks.append("fingerprint \(index + 1): no hash function that is supported")
            } else {
                descriptors.append(PublishedKeyMaterial.Descriptor(digests))
            }
        }
    }
}
