internal import DNSMessages

/// Reads the records of a zone: a master file (RFC 1035 §5.1) whose names without a final dot are below the zone's.
enum ZoneText {
    private static let defaultSeconds: UInt32 = 300

    static func records(in text: String, origin: DNSName) throws(ZoneTextError) -> [DNSRecord] {
        do throws(MasterFileError) {
            return try MasterFile.read(text, origin: origin, timeToLive: defaultSeconds)
        } catch {
            throw .badLine(error.line, "\(error)")
        }
    }

    static func name(_ text: String) throws(ZoneTextError) -> DNSName {
        do throws(DNSNameError) {
            return try DNSName(text)
        } catch {
            throw .badLine(0, "\(text): \(error)")
        }
    }
}

extension MasterFileError {
    fileprivate var line: Int {
        switch self {
        case .unbalancedParenthesis(let line), .unterminatedText(let line), .unknownDirective(let line),
            .notText(let line), .notARecord(let line, _), .unexpectedType(let line, _):
            line
        case .empty: 0
        }
    }
}
