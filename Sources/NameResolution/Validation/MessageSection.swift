internal import DNSMessages

/// The records of one section of a response, found by owner and type in constant time, whatever a server put there.
struct MessageSection: Sendable {
    private struct Key: Hashable {
        let owner: DNSName
        let type: RecordType
    }

    private var sets: [Key: [DNSRecord]] = [:]
    private var signatureSets: [Key: [RecordSignature]] = [:]

    init(_ records: [DNSRecord]) {
        for record in records {
            if let signature = RecordSignature(record) {
                signatureSets[Key(owner: signature.owner, type: signature.coveredType), default: []].append(signature)
            } else {
                sets[Key(owner: record.owner, type: record.type), default: []].append(record)
            }
        }
    }

    func records(_ owner: DNSName, _ type: RecordType) -> [DNSRecord] {
        sets[Key(owner: owner, type: type)] ?? []
    }

    func signatures(_ owner: DNSName, _ type: RecordType) -> [RecordSignature] {
        signatureSets[Key(owner: owner, type: type)] ?? []
    }

    /// The owners of a type, in an order that is the same in every run of a proof, and cheap: there may be thousands.
    func owners(of type: RecordType) -> [DNSName] {
        sets.keys.filter { $0.type == type }.map(\.owner).sorted { $0.wire.lexicographicallyPrecedes($1.wire) }
    }

    /// The zones that claim to have signed the denials of existence here.
    var denyingSigners: Set<DNSName> {
        var signers: Set<DNSName> = []
        for (key, signatures) in signatureSets where key.type == .nsec || key.type == .nsec3 {
            signers.formUnion(signatures.map(\.signer))
        }
        return signers
    }
}
