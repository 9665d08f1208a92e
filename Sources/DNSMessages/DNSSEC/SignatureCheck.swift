/// The cryptographic part of the validation of signatures, on the canonical form of the records.
///
/// Whether the key may sign for this zone, and the signature counts now, is the validator's to say: the validity
/// window, the signer's name and the flags of the key are not looked at here (RFC 4035 §5.3.1).
public enum SignatureCheck {
    /// Whether a key made a signature over a set of records (RFC 4035 §5.3.2, §5.3.3).
    ///
    /// It takes the time of one public-key operation and that of sorting the records; it never traps and never blocks.
    ///
    /// - Parameters:
    ///   - records: The whole set, in any order; it is compared with the owner and type of the signature.
    ///   - shelf: Keeps the key ready for the next check; nil for a single one.
    /// - Returns: false also when the records are not one set, the algorithms differ, or ``ZoneKey/isSupported`` is
    ///   false for the key.
    public static func isValid(
        _ signature: RecordSignature, over records: [DNSRecord], by key: ZoneKey, keepingKeyOn shelf: KeyShelf? = nil
    ) -> Bool {
        guard signature.algorithm == key.algorithm,
            let signed = CanonicalForm.signedOctets(of: records, under: signature),
            let decoded = shelf.map({ $0.decoded(key) }) ?? DecodedKey(key)
        else { return false }
        return decoded.isValid(signature.signature, over: signed)
    }
}
