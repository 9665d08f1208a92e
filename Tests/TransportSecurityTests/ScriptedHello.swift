/// Handshake messages written by hand, for peers that no library of today would play.
enum ScriptedHello {
    /// A ClientHello in one record.
    static func client(version: UInt16, suites: [UInt16], protocols: [String] = []) -> [UInt8] {
        var extensions: [UInt8] = []
        // supported_groups: X25519, P-256; ec_point_formats: uncompressed.
        extensions += block(10, vector16([0, 29, 0, 23]))
        extensions += block(11, [1, 0])
        if version >= 0x0303 {
            // signature_algorithms: ECDSA with SHA-256, RSA-PSS with SHA-256, RSA with SHA-256.
            extensions += block(13, vector16([4, 3, 8, 4, 4, 1]))
        }
        extensions += block(0xFF01, [0])
        if !protocols.isEmpty {
            extensions += block(16, vector16(protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }))
        }
        let body =
            uint16(version) + [UInt8](repeating: 7, count: 32) + [0] + vector16(suites.flatMap { uint16($0) }) + [1, 0]
            + vector16(extensions)
        return record(version: 0x0301, handshake(1, body))
    }

    /// A ServerHello in one record, with no extension.
    static func server(version: UInt16, suite: UInt16) -> [UInt8] {
        let body = uint16(version) + [UInt8](repeating: 9, count: 32) + [0] + uint16(suite) + [0]
        return record(version: version, handshake(2, body))
    }

    /// The cipher suite of the ServerHello that `bytes` begin with; `nil` when they begin otherwise.
    static func chosenSuite(_ bytes: [UInt8]) -> UInt16? {
        guard bytes.count > 44, bytes[0] == 22, bytes[5] == 2 else { return nil }
        let afterSession = 44 + Int(bytes[43])
        guard bytes.count > afterSession + 1 else { return nil }
        return UInt16(bytes[afterSession]) << 8 | UInt16(bytes[afterSession + 1])
    }

    private static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, UInt8(body.count >> 16)] + uint16(UInt16(body.count & 0xFFFF)) + body
    }

    private static func record(version: UInt16, _ content: [UInt8]) -> [UInt8] {
        [22] + uint16(version) + vector16(content)
    }

    private static func block(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
        uint16(type) + vector16(content)
    }

    private static func vector16(_ content: [UInt8]) -> [UInt8] {
        uint16(UInt16(content.count)) + content
    }

    private static func uint16(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xFF)]
    }
}
