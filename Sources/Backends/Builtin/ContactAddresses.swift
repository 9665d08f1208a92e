internal import XMPPModel

/// Addresses for those who want to reach the people behind a domain, each a URI (XEP-0157).
public struct ContactAddresses: Hashable, Sendable {
    /// The purposes that XEP-0157 registers; the raw values are the names of the form's fields.
    public enum Purpose: String, Hashable, Sendable, CaseIterable {
        case abuse = "abuse-addresses"
        case admin = "admin-addresses"
        case feedback = "feedback-addresses"
        case sales = "sales-addresses"
        case security = "security-addresses"
        case status = "status-addresses"
        case support = "support-addresses"
    }

    private static let formType = "http://jabber.org/network/serverinfo"
    private static let dataForms = "jabber:x:data"

    private let addresses: [Purpose: [String]]

    /// Makes a set of addresses.
    ///
    /// - Parameter addresses: URIs such as `mailto:abuse@a.example`; what is no URI is left out.
    public init(_ addresses: [Purpose: [String]] = [:]) {
        self.addresses = addresses.mapValues { $0.filter(Self.isURI) }.filter { !$0.value.isEmpty }
    }

    /// The extension of disco#info, or nil when there is nothing to say.
    var form: XMLElement? {
        guard !addresses.isEmpty else { return nil }
        var fields = [Self.field("FORM_TYPE", type: "hidden", [Self.formType])]
        for purpose in Purpose.allCases {
            if let values = addresses[purpose] { fields.append(Self.field(purpose.rawValue, type: nil, values)) }
        }
        return XMLElement(Self.dataForms, "x", attributes: ["type": "result"], fields)
    }

    private static func field(_ name: String, type: String?, _ values: [String]) -> XMLElement {
        var field = XMLElement(
            dataForms, "field", attributes: ["var": name], values.map { XMLElement(dataForms, "value", text: $0) })
        field["type"] = type
        return field
    }

    /// A scheme (RFC 3986 §3.1), a colon, and something behind it without white space.
    private static func isURI(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].utf8.first, isLetter(first), !parts[1].isEmpty else {
            return false
        }
        let isScheme = parts[0].utf8.allSatisfy { byte in
            isLetter(byte) || (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E].contains(byte)
        }
        return isScheme && parts[1].utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
