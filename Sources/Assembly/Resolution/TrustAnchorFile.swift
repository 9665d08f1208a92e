internal import DNSMessages
internal import NameResolution

/// A file of trust anchors: DS or DNSKEY records in master file form, of any number of zones.
enum TrustAnchorFile {
    /// Why a file cannot be used.
    enum Failure: Error, CustomStringConvertible {
        /// It is not UTF-8.
        case notText
        /// It has another form.
        case malformed(MasterFileError)
        /// Nothing that it says of a zone could ever prove anything, which would leave the zone unsigned: its keys are
        /// revoked or are no zone keys, or the algorithms and digests are not supported.
        case unusable(DNSName)

        /// With the line where there is one: to be read behind the path.
        var description: String {
            switch self {
            case .notText: " is not UTF-8"
            case .malformed(.empty): " has no trust anchor"
            case .malformed(let error): ": \(error)"
            case .unusable(let zone): " has no key or digest of \(zone) that could be used"
            }
        }

        /// What to do about it.
        var mend: String {
            "write DS or DNSKEY records, one on a line, as in /usr/share/dns/root.key of dns-root-data"
        }
    }

    /// The anchors in a text, one for each zone.
    static func anchors(in text: [UInt8]) throws(Failure) -> [TrustAnchor] {
        guard let text = String(validating: text, as: UTF8.self) else { throw .notText }
        let records: [DNSRecord]
        do throws(MasterFileError) {
            records = try TrustAnchorText.read(text)
        } catch {
            throw .malformed(error)
        }
        let anchors = TrustAnchorSet(
            records.map { record in
                TrustAnchor(
                    zone: record.owner, signers: DelegationSigner(record).map { [$0] } ?? [],
                    keys: ZoneKey(record).map { [$0] } ?? [])
            })
        if let useless = anchors.all.first(where: { !isUsable($0) }) { throw .unusable(useless.zone) }
        return anchors.all
    }

    private static func isUsable(_ anchor: TrustAnchor) -> Bool {
        anchor.signers.contains { $0.isSupported && SigningAlgorithm.supported.contains($0.algorithm) }
            || anchor.keys.contains { $0.isUsable && SigningAlgorithm.supported.contains($0.algorithm) }
    }
}
