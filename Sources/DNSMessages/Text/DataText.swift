/// The text form of data that stand for themselves as octets.
enum DataText {
    /// - Returns: nil for a type that has no form here, and for data without the form of their type.
    static func text(of octets: [UInt8], type: RecordType) -> String? {
        var reader = FieldReader(octets)
        return layouts[type].flatMap { layout in reader.fields(layout) } ?? special(octets, type: type)
    }

    private static let layouts: [RecordType: [FieldReader.Field]] = [
        .a: [.address(octets: 4)],
        .aaaa: [.address(octets: 16)],
        .ns: [.name],
        .cname: [.name],
        .ptr: [.name],
        .dname: [.name],
        .mx: [.short, .name],
        .soa: [.name, .name, .long, .long, .long, .long, .long],
        .srv: [.short, .short, .short, .name],
        .txt: [.texts],
        .ds: [.short, .octet, .octet, .hexadecimal],
        .dnskey: [.short, .octet, .octet, .base64],
        .rrsig: [.type, .octet, .octet, .long, .moment, .moment, .short, .name, .base64],
        .nsec: [.name, .types],
        .nsec3: [.octet, .octet, .short, .salt, .hash, .types],
        .nsec3param: [.octet, .octet, .short, .salt],
        .tlsa: [.octet, .octet, .octet, .hexadecimal],
    ]

    private static func special(_ octets: [UInt8], type: RecordType) -> String? {
        guard type == .svcb || type == .https else { return nil }
        return ServiceBinding(octets: octets)?.presentation
    }
}
