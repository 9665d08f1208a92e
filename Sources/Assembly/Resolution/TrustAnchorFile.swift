internal import DNSMessages
internal import NameResolution

/// A file of trust anchors: DS or DNSKEY records in master file form, of any number of zones.
enum TrustAnchorFile {
    /// Why a file cannot be used.
    struct Failure: Error, CustomStringConvertible {
        let error: MasterFileError?

        /// With the line where there is one: to be read behind the path.
        var description: String {
            switch error {
            case .empty: " has no trust anchor"
            case .some(let error): ": \(error)"
            case nil: " is not UTF-8"
            }
        }

        /// What to do about it.
        var mend: String {
            "write DS or DNSKEY records, one on a line, as in /usr/share/dns/root.key of dns-root-data"
        }
    }

    /// The anchors in a text, by zone.
    static func anchors(in text: [UInt8]) throws(Failure) -> [TrustAnchor] {
        guard let text = String(validating: text, as: UTF8.self) else { throw Failure(error: nil) }
        do throws(MasterFileError) {
            return try TrustAnchorText.read(text).map { record in
                TrustAnchor(
                    zone: record.owner, signers: DelegationSigner(record).map { [$0] } ?? [],
                    keys: ZoneKey(record).map { [$0] } ?? [])
            }
        } catch {
            throw Failure(error: error)
        }
    }
}
