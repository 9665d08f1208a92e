internal import DomainAssociation
internal import Prooftypes
public import XMPPModel

/// A POSH document for an operator, and where it belongs (PO-23).
public struct DocumentToPublish: Sendable {
    /// The forms of a document, as `--format` names them.
    public static let formats = POSHPublication.Form.allCases.map(\.rawValue)

    /// The document.
    public let text: String
    /// Where and how to publish it.
    public let place: String

    /// Why there is none.
    public struct Refusal: Error, Sendable, CustomStringConvertible {
        /// In words, for operators.
        public let description: String
    }

    /// What the document says.
    public enum Content: Sendable {
        /// These certificates, the most relevant first.
        case certificates([PeerCertificate])
        /// Look there.
        case reference(url: String)
    }

    /// Makes the document.
    ///
    /// - Parameters:
    ///   - format: One of ``formats``.
    ///   - expires: For how many seconds it counts.
    /// - Throws: ``Refusal`` when others would not accept it.
    public init(_ content: Content, format: String, expires: Int64) throws(Refusal) {
        guard let form = POSHPublication.Form(rawValue: format) else {
            throw Refusal(description: "“\(format)” is not a format; write \(Self.formats.joined(separator: " or "))")
        }
        do throws(POSHPublicationFault) {
            switch content {
            case .certificates(let certificates):
                text = try POSHPublication.document(form, of: certificates, expires: expires)
            case .reference(let url): text = try POSHPublication.reference(to: url, expires: expires)
            }
        } catch {
            throw Refusal(description: "\(error)")
        }
        let path: POSHPath = form == .draft ? .draft : .rfc7711
        place =
            "publish it as https://DOMAIN\(path.path(for: .server)) for each DOMAIN that the server is for, with "
            + "Content-Type: \(POSHPublication.mediaType(form)) and Cache-Control: \(POSHPublication.cacheControl)"
    }
}
