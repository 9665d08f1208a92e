internal import DNSMessages

/// Data of one record, the number of its type in front: what is read and written again reads the same, as octets and as
/// text, and no key or signature makes a check trap.
enum DNSRecordProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        guard input.count >= 2 else { return }
        let type = RecordType(rawValue: UInt16(input[0]) << 8 | UInt16(input[1]))
        let record = DNSRecord(owner: .root, type: type, timeToLive: 60, octets: Array(input[2...]))
        try checkValues(record)
        try checkText(record)
        checkSignatures(record)
    }

    private static func checkValues(_ record: DNSRecord) throws(PropertyViolation) {
        if let signer = DelegationSigner(record) {
            try require(signer.record(timeToLive: 60) == record, "\(signer) is not \(record)")
        }
        if let key = ZoneKey(record) {
            try require(key.record(timeToLive: 60) == record, "\(key) is not \(record)")
            for type: UInt8 in [1, 2, 4] {
                try require(key.delegationSigner(digestType: type)?.matches(key) == true, "\(key) has no digest")
            }
        }
        if let signature = RecordSignature(record) {
            try require(RecordSignature(signature.record) == signature, "\(signature) is another when it is read again")
        }
        if let denial = NextSecure(record) {
            let again = NextSecure(denial.record(timeToLive: 60))
            try require(again == denial, "\(denial) is another when it is read again")
            try require(denial.types.all.allSatisfy(denial.types.contains), "\(denial) does not have its types")
        }
        if let denial = NextSecureHashed(record) {
            try require(denial.record(timeToLive: 60) == record, "\(denial) is not \(record)")
        }
        if let parameters = NextSecureHashed.Parameters(record) {
            if parameters.iterations < 100 { _ = parameters.hash(of: .root) }
        }
        if let binding = ServiceBinding(record) {
            let again = ServiceBinding(binding.record(owner: .root, type: record.type, timeToLive: 60))
            try require(again == binding, "\(binding) is another when it is read again")
            _ = (binding.httpsPath, binding.port, binding.applicationProtocols, binding.mandatoryKeys)
            _ = (binding.addressHints4, binding.addressHints6)
        }
    }

    private static func checkText(_ record: DNSRecord) throws(PropertyViolation) {
        let text = record.presentation
        try require(text.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "\(text) is not printable")
        // The library refuses some texts that the specifications allow, mends data without the form of their type, and
        // takes lists with escapes otherwise than RFC 9460 does; what it takes besides has to be the same.
        guard !text.contains("\\#"), !text.contains("=\""), let again = try? MasterFile.read(text) else { return }
        try require(again.map(\.presentation) == [text], "\(text) reads as \(again.map(\.presentation))")
    }

    private static func checkSignatures(_ record: DNSRecord) {
        let signed = DNSRecord(owner: .root, type: .txt, timeToLive: 60, octets: [1, 65])
        if let key = ZoneKey(record), key.isSupported {
            for count in [64, 96, 114, key.publicKey.count - 2, key.publicKey.count - 4] {
                let signature = RecordSignature(
                    owner: .root, coveredType: .txt, algorithm: key.algorithm, labels: 0, originalTimeToLive: 60,
                    expiration: 1, inception: 0, keyTag: key.tag, signer: .root,
                    signature: Array(key.publicKey.prefix(count)), timeToLive: 60)
                _ = SignatureCheck.isValid(signature, over: [signed], by: key)
            }
        }
        if let signature = RecordSignature(record) {
            let key = ZoneKey(
                owner: .root, flags: 256, algorithm: signature.algorithm,
                publicKey: Array(signature.signature.prefix(32)))
            let covered = DNSRecord(
                owner: .root, type: signature.coveredType, timeToLive: 60, octets: signature.signature)
            _ = SignatureCheck.isValid(signature, over: [covered, signed], by: key)
            _ = SignatureCheck.isValid(signature, over: [covered, covered], by: key)
        }
    }
}
