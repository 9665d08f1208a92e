internal import DomainAssociation

/// The keys of a JWK set (draft-miller-posh-02 §4.1), those that can be used.
struct WebKeySet {
    private(set) var keys: [PublishedKeyMaterial.WebKey] = []
    /// What was passed over, and why.
    private(set) var remarks = DocumentRemarks()

    private static let privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    private struct Unusable: Error {
        var reason: String
        /// Whether it is worse than useless.
        var isDangerous = false
    }

    mutating func read(_ objects: [[String: JSONValue]]) {
        for (index, object) in objects.enumerated() {
            do throws(Unusable) {
                keys.append(try Self.key(object))
            } catch {
                let remark = "key \(index + 1): \(error.reason)"
                if error.isDangerous { remarks.warn(remark) } else { remarks.append(remark) }
            }
        }
    }

    private static func key(_ members: [String: JSONValue]) throws(Unusable) -> PublishedKeyMaterial.WebKey {
        let secrets = privateMembers.filter { members[$0] != nil }
        guard secrets.isEmpty else {
            throw Unusable(
                reason: "the private members \(secrets.joined(separator: ", ")) are published; "
                    + "this key has to be replaced",
                isDangerous: true)
        }
        let publicKey = try publicKey(members)
        guard let sha1 = try octets("x5t", in: members) else { throw Unusable(reason: "it has no x5t") }
        guard sha1.count == 20 else { throw Unusable(reason: "x5t is not the base64url of a SHA-1 digest") }
        var thumbprints: [PublishedKeyMaterial.HashAlgorithm: [UInt8]] = [.sha1: sha1]
        if let sha256 = try octets("x5t#S256", in: members) {
            guard sha256.count == 32 else {
                throw Unusable(reason: "x5t#S256 is not the base64url of a SHA-256 digest")
            }
            thumbprints[.sha256] = sha256
        }
        return PublishedKeyMaterial.WebKey(
            publicKey: publicKey, thumbprints: thumbprints, certificates: try certificates(members))
    }

    private static func publicKey(
        _ members: [String: JSONValue]
    ) throws(Unusable) -> PublishedKeyMaterial.PublicKey {
        switch members["kty"]?.text {
        case "RSA": return .rsa(modulus: try required("n", members), exponent: try required("e", members))
        case "EC":
            return .ellipticCurve(
                curve: try curve(members), x: try required("x", members), y: try required("y", members))
        case "OKP": return .octetKeyPair(curve: try curve(members), x: try required("x", members))
        case nil: throw Unusable(reason: "it has no kty")
        case let kind?: throw Unusable(reason: "its kty is \(kind.beginning(20)), which TLS does not use")
        }
    }

    private static func curve(_ members: [String: JSONValue]) throws(Unusable) -> String {
        guard let curve = members["crv"]?.text else { throw Unusable(reason: "it has no crv") }
        return curve
    }

    private static func required(_ name: String, _ members: [String: JSONValue]) throws(Unusable) -> [UInt8] {
        guard let value = try octets(name, in: members) else { throw Unusable(reason: "it has no \(name)") }
        return value
    }

    private static func octets(_ name: String, in members: [String: JSONValue]) throws(Unusable) -> [UInt8]? {
        guard let value = members[name] else { return nil }
        guard let octets = value.text.flatMap(POSHBase64.decodeURLSafe) else {
            throw Unusable(reason: "\(name) is not base64url")
        }
        return octets
    }

    private static func certificates(_ members: [String: JSONValue]) throws(Unusable) -> [[UInt8]] {
        guard let value = members["x5c"] else { return [] }
        let chain = (value.elements ?? []).compactMap { $0.text.flatMap(POSHBase64.decode) }
        guard !chain.isEmpty, chain.count == value.elements?.count else {
            throw Unusable(reason: "x5c is no array of certificates in base64")
        }
        return chain
    }
}
