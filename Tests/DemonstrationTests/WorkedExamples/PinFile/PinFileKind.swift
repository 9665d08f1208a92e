import DomainAssociation
import Prooftypes
import TransportSecurity
import XMPPModel

/// What the configuration has to know of it: the name, and a section `[pin-file]` with the key `file`.
struct PinFileKind: ProoftypeKind {
    static let name: ProoftypeName = "pin-file"
    static let settings = [ProoftypeSetting("file", .file, isRequired: true)]

    private let file: String
    private let pins: [DomainName: Set<[UInt8]>]

    /// Reads lines of a domain and a pin: the base64 form of the SHA-256 of a SubjectPublicKeyInfo (RFC 7469 §2.4).
    init(_ values: ProoftypeValues) throws(ProoftypeSettingFault) {
        guard let (path, content) = values.file("file") else {
            throw ProoftypeSettingFault("file", "is missing", mend: "name the file with the pins")
        }
        var pins: [DomainName: Set<[UInt8]>] = [:]
        for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
            guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
            // A line that is passed over would leave a domain unprotected, and nobody would notice.
            guard words.count == 2, let domain = try? DomainName(String(decoding: first, as: UTF8.self)),
                let pin = Base64.decode(words[1]), pin.count == 32
            else {
                throw ProoftypeSettingFault(
                    "file", "\(path), line \(index + 1), is no domain with a pin",
                    mend: "write a domain, a space, and the 44 characters of its pin")
            }
            pins[domain, default: []].insert(pin)
        }
        (self.file, self.pins) = (path, pins)
    }

    func prooftype(under settings: ProoftypeSettings) -> any Prooftype {
        PinFileProoftype(file: file, pins: pins)
    }
}
