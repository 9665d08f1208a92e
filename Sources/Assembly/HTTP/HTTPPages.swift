internal import Administration
internal import Diagnostics
internal import HTTPExchange
internal import Prooftypes
internal import XMPPModel

/// The answers of the HTTP listener: made of values, without a look at anything.
enum HTTPPages {
    private static let everywhere = [
        HTTPField("X-Content-Type-Options", "nosniff"),
        HTTPField(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-\(StatusPage.styleDigest)'; frame-ancestors 'none'"),
        HTTPField("Referrer-Policy", "no-referrer"),
    ]

    private static func response(
        _ status: Int, _ mediaType: String, _ body: String, caching: String = "no-store", _ more: [HTTPField] = []
    ) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status,
            fields: [HTTPField("Content-Type", mediaType), HTTPField("Cache-Control", caching)] + more + everywhere,
            body: Array(body.utf8))
    }

    private static func text(_ status: Int, _ body: String, _ more: [HTTPField] = []) -> HTTPServerResponse {
        response(status, "text/plain; charset=utf-8", body + "\n", more)
    }

    // MARK: - Refusals

    static let notFound = text(404, "not found")
    static let methodNotAllowed = text(405, "only GET and HEAD are answered", [HTTPField("Allow", "GET, HEAD")])
    static let contentRefused = text(413, "no content is taken")

    static func badRequest(_ reason: String) -> HTTPServerResponse { text(400, reason) }

    // MARK: - Documents

    /// The document that names these certificates, the most relevant first.
    static func document(
        _ form: POSHPublication.Form, of certificates: [PeerCertificate], expires: Int
    ) -> HTTPServerResponse {
        do throws(POSHPublicationFault) {
            let document = try POSHPublication.document(form, of: certificates, expires: Int64(expires))
            return response(
                200, POSHPublication.mediaType(form), document, caching: POSHPublication.cacheControl)
        } catch {
            switch error {
            case .unsupportedKey:
                // The other form can be had of the same certificate, and is asked for first.
                return notFound
            case .noCertificate, .badExpiry, .badURL: return text(500, "\(error)")
            }
        }
    }

    // MARK: - The daemon

    static let healthy = text(200, "serving")
    static let unhealthy = text(503, "an event loop has stopped")

    static func readiness(_ readiness: Readiness) -> HTTPServerResponse {
        readiness.isReady ? text(200, "ready") : text(503, readiness.missing.joined(separator: "\n"))
    }

    static func metrics(_ families: [MetricFamily]) -> HTTPServerResponse {
        response(200, MetricFamily.mediaType, families.map(\.text).joined())
    }

    static func status(_ status: StatusReply, _ readiness: Readiness) -> HTTPServerResponse {
        response(200, "text/html; charset=utf-8", StatusPage.text(status, readiness))
    }
}
