import DomainAssociation
import Prooftypes
import XMPPModel

/// What our own client makes of a published document.
enum POSHProof {
    /// Fits every certificate that a test issues.
    private static func moment(in certificate: PeerCertificate) -> Int64 {
        (certificate.notBefore + certificate.notAfter) / 2
    }

    static func material(_ document: String) throws -> PublishedKeyMaterial {
        guard case .keys(let material) = try POSHDocument(Array(document.utf8)) else {
            throw POSHDocumentFault.notAnObject
        }
        return material
    }

    /// The first SHA-256 fingerprint.
    static func first(_ material: PublishedKeyMaterial) -> [UInt8]? {
        guard case .fingerprints(let descriptors) = material.form else { return nil }
        return descriptors.first?.digests[.sha256]
    }

    static func proves(_ certificate: PeerCertificate, by document: String, of domain: String) throws -> Bool {
        let theirs = try DomainName(domain)
        let moment = moment(in: certificate)
        let claim = DomainClaim(
            pair: DomainPair(sender: try DomainName("ours.example"), target: theirs), side: .target,
            certificates: [certificate], moment: moment, service: .server)
        var evidence = Evidence()
        let url = "https://\(theirs.ascii)/.well-known/posh/xmpp-server.json"
        evidence.add(
            PublishedKeys(.material(try material(document)), urls: [url], expires: moment + 60), of: theirs)
        guard case .proven = POSHProoftype(acceptsSHA1: false).assess(claim, with: evidence) else { return false }
        return true
    }
}
