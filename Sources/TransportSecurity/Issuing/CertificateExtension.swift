internal import XMPPModel

/// One extension of a certificate to be issued: identifier, criticality, and its value in DER.
struct CertificateExtension {
    let identifier: String
    let isCritical: Bool
    let value: [UInt8]

    /// The extensions that a template asks for.
    static func all(for template: CertificateTemplate) -> [CertificateExtension] {
        var extensions: [CertificateExtension] = []
        func add(_ identifier: String, critical: Bool = false, _ value: [UInt8]) {
            extensions.append(CertificateExtension(identifier: identifier, isCritical: critical, value: value))
        }
        if template.isAuthority {
            let pathLength = template.pathLength.map { DER.integer($0) } ?? []
            add("2.5.29.19", critical: true, DER.sequence(DER.isTrue, pathLength))
        }
        if let usage = keyUsageBits(template) { add("2.5.29.15", critical: true, DER.element(0x03, usage)) }
        if case .only(let purposes) = template.extendedKeyUsage {
            let identifiers = purposes.map { identifier(of: $0) }.sorted()
            add("2.5.29.37", DER.sequence(identifiers.flatMap { DER.objectIdentifier($0) }))
        }
        if !template.names.isEmpty { add("2.5.29.17", DER.sequence(template.names.flatMap { generalName($0) })) }
        if !template.permittedNames.isEmpty || !template.excludedNames.isEmpty {
            let value = DER.sequence(subtrees(0xA0, template.permittedNames), subtrees(0xA1, template.excludedNames))
            add("2.5.29.30", critical: true, value)
        }
        if template.hasUnknownCriticalExtension {
            // The arc that RFC 5612 reserves for examples.
            add("1.3.6.1.4.1.32473.1", critical: true, DER.element(0x05, []))
        }
        return extensions
    }

    /// A GeneralName (RFC 5280 §4.2.1.6).
    static func generalName(_ name: CertificateTemplate.Name) -> [UInt8] {
        switch name {
        case .dns(let text): DER.element(0x82, Array(text.utf8))
        case .dnsBytes(let bytes): DER.element(0x82, bytes)
        case .srv(let text): otherName("1.3.6.1.5.5.7.8.7", DER.element(0x16, Array(text.utf8)))
        case .xmppAddress(let text): otherName("1.3.6.1.5.5.7.8.5", DER.element(0x0C, Array(text.utf8)))
        case .ipAddress(let octets): DER.element(0x87, octets)
        }
    }

    private static func otherName(_ identifier: String, _ value: [UInt8]) -> [UInt8] {
        DER.element(0xA0, DER.objectIdentifier(identifier) + DER.element(0xA0, value))
    }

    private static func subtrees(_ tag: UInt8, _ names: [CertificateTemplate.Name]) -> [UInt8] {
        names.isEmpty ? [] : DER.element(tag, names.flatMap { DER.sequence(generalName($0)) })
    }

    /// The content of the BIT STRING: the count of unused bits, then the bits.
    private static func keyUsageBits(_ template: CertificateTemplate) -> [UInt8]? {
        let signCertificates: [UInt8] = [1, 0b0000_0110]
        let digitalSignature: [UInt8] = [7, 0b1000_0000]
        switch template.keyUsage {
        case .fitting: return template.isAuthority ? signCertificates : digitalSignature
        case .signCertificates: return signCertificates
        case .digitalSignature: return digitalSignature
        case .absent: return nil
        }
    }

    private static func identifier(of purpose: PeerCertificate.KeyPurpose) -> String {
        switch purpose {
        case .any: "2.5.29.37.0"
        case .serverAuthentication: "1.3.6.1.5.5.7.3.1"
        case .clientAuthentication: "1.3.6.1.5.5.7.3.2"
        case .other(let dotted): dotted
        }
    }
}
