public import DomainAssociation

/// A POSH document, read and checked: of RFC 7711, or of draft-miller-posh-02.
public enum POSHDocument: Hashable, Sendable {
    /// Keys (RFC 7711 §3.1, draft §4.1); the lifetime is that of this document.
    case keys(PublishedKeyMaterial)
    /// "Ask there" (RFC 7711 §3.2, draft §4.2); `lifetime` is nil where the document does not say, as the draft's.
    case reference(HTTPSAddress, lifetime: Int64?)

    /// Octets of a document at most (PO-22).
    public static let mostOctets = 65536
    /// What longer lifetimes are cut to, in seconds: a day (PO-17).
    public static let longestLifetime: Int64 = 86_400

    /// Reads a document; its media type does not matter (PO-16).
    ///
    /// - Throws: ``POSHDocumentFault`` naming what is wrong with it.
    public init(_ octets: [UInt8]) throws(POSHDocumentFault) {
        guard octets.count <= Self.mostOctets else { throw .tooLarge(limit: Self.mostOctets) }
        let value: JSONValue
        do throws(JSONFault) { value = try JSONReader.read(octets) } catch { throw .notJSON(error) }
        guard let members = value.members else { throw .notAnObject }
        let fingerprints = members["fingerprints"]
        let keys = members["keys"]
        if let url = members["url"] {
            guard fingerprints == nil, keys == nil else { throw .referenceWithKeys }
            let lifetime = try Self.lifetime(in: members)
            guard let text = url.text else { throw .badURL("it is no text") }
            guard let address = HTTPSAddress(text) else { throw .badURL("it is no https URL") }
            self = .reference(address, lifetime: lifetime)
        } else if let fingerprints {
            let lifetime = try Self.lifetime(in: members)
            guard let lifetime else { throw .missingExpiry }
            var list = FingerprintList()
            try list.read(Self.objects(fingerprints, "fingerprints"))
            if keys != nil { list.remarks.append("\"keys\" beside \"fingerprints\" was passed over") }
            guard !list.descriptors.isEmpty else { throw .nothingUsable(list.remarks.told, warning: nil) }
            self = .keys(
                PublishedKeyMaterial(.fingerprints(list.descriptors), lifetime: lifetime, remarks: list.remarks.told))
        } else if let keys {
            let lifetime = try Self.lifetime(in: members)
            var set = WebKeySet()
            try set.read(Self.objects(keys, "keys"))
            guard !set.keys.isEmpty else { throw .nothingUsable(set.remarks.told, warning: set.remarks.warning) }
            self = .keys(
                PublishedKeyMaterial(
                    .webKeys(set.keys), lifetime: lifetime, remarks: set.remarks.told, warning: set.remarks.warning))
        } else {
            throw .neitherReferenceNorKeys
        }
    }

    private static func lifetime(in members: [String: JSONValue]) throws(POSHDocumentFault) -> Int64? {
        guard let value = members["expires"] else { return nil }
        guard case .integer(let seconds) = value, seconds >= 0 else { throw .badExpiry }
        guard seconds > 0 else { throw .withdrawn }
        return min(seconds, longestLifetime)
    }

    private static func objects(
        _ value: JSONValue, _ name: String
    ) throws(POSHDocumentFault) -> [[String: JSONValue]] {
        guard let elements = value.elements else { throw .notAListOfObjects(name) }
        guard !elements.isEmpty else { throw .emptyList(name) }
        let objects = elements.compactMap(\.members)
        guard objects.count == elements.count else { throw .notAListOfObjects(name) }
        return objects
    }
}
