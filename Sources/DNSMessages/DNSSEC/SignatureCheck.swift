internal import CLdns

/// The cryptographic part of the validation of signatures, on the canonical form of the records.
///
/// Whether the key may sign for this zone, and the signature counts now, is the validator's to say: the validity
/// window, the signer's name and the flags of the key are not looked at here (RFC 4035 §5.3.1).
public enum SignatureCheck {
    /// Whether a key made a signature over a set of records (RFC 4035 §5.3.2, §5.3.3).
    ///
    /// It takes the time of one public-key operation and that of sorting the records; it never traps and never blocks.
    ///
    /// - Parameter records: The whole set, in any order; it is compared with the owner and type of the signature.
    /// - Returns: false also when the records are not one set, the algorithms differ, or ``ZoneKey/isSupported`` is
    ///   false for the key.
    public static func isValid(
        _ signature: RecordSignature, over records: [DNSRecord], by key: ZoneKey
    ) -> Bool {
        guard signature.algorithm == key.algorithm, let form = PublicKeyForm(key),
            signature.signature.count == form.signatureOctets,
            let signed = CanonicalForm.signedOctets(of: records, under: signature)
        else { return false }
        // Copies, since the library takes pointers to what it could change.
        var signatureOctets = form.isCurve ? CurveSignature.encoded(signature.signature) : signature.signature
        var keyOctets = key.publicKey
        guard let buffer = ldns_buffer_new(signed.count) else { return false }
        defer { ldns_buffer_free(buffer) }
        ldns_buffer_write(buffer, signed, signed.count)
        let status = ldns_verify_rrsig_buffers_raw(
            &signatureOctets, signatureOctets.count, buffer, &keyOctets, keyOctets.count, key.algorithm.rawValue)
        return status == LDNS_STATUS_OK
    }
}
