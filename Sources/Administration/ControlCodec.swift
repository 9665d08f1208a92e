// JSON is the format of this socket and of `--json`; nothing else of the library is used.
internal import FoundationEssentials

/// Requests and replies to bytes and back.
///
/// Every function is pure and its values are `Sendable`, so a daemon collects summaries on its loops and encodes them
/// elsewhere, one frame after the other.
public enum ControlCodec {
    /// One frame with its line feed.
    ///
    /// - Throws: ``ControlFailure/oversizedFrame(limit:)`` when a file of tenants is too long for one request.
    public static func encode(_ request: AdministrationRequest) throws(ControlFailure) -> [UInt8] {
        try frame(RequestDocument(request))
    }

    /// Reads a frame that ``FrameReader`` returned.
    ///
    /// - Throws: ``ControlFailure/unsupportedVersion(_:)`` or ``ControlFailure/malformed(_:)``.
    public static func decodeRequest(_ frame: [UInt8]) throws(ControlFailure) -> AdministrationRequest {
        try decode(RequestDocument.self, from: frame).request
    }

    /// The frames of a reply, each made when it is asked for.
    public static func frames(of reply: AdministrationReply) -> ReplyFrames { ReplyFrames(reply) }

    /// The reply as the one JSON document that `--json` prints: an array for a list, an object otherwise.
    ///
    /// Members are sorted by name, so that two outputs can be compared as text.
    /// - Throws: ``ControlFailure/unrepresentable(_:)``.
    public static func document(of reply: AdministrationReply) throws(ControlFailure) -> String {
        try document(of: reply.body)
    }

    /// What a command that needs no daemon prints with `--json`, in the same form.
    ///
    /// - Throws: ``ControlFailure/unrepresentable(_:)``.
    public static func document(of value: any Encodable) throws(ControlFailure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw .unrepresentable("\(error)")
        }
    }

    static func frame(_ document: some Encodable) throws(ControlFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8]
        do {
            bytes = Array(try encoder.encode(document))
        } catch {
            throw .unrepresentable("\(error)")
        }
        guard bytes.count <= ControlProtocol.frameLimit else {
            throw .oversizedFrame(limit: ControlProtocol.frameLimit)
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    static func decode<Document: Decodable>(
        _ type: Document.Type, from frame: [UInt8]
    ) throws(ControlFailure) -> Document {
        do {
            return try JSONDecoder().decode(type, from: Data(frame))
        } catch let failure as ControlFailure {
            throw failure
        } catch {
            throw .malformed(explanation(of: error))
        }
    }

    private static func explanation(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .keyNotFound(let key, _): return "“\(key.stringValue)” is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? context.debugDescription : "“\(path)”: \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }
}
