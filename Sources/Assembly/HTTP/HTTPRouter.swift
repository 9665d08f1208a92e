internal import DomainAssociation
internal import HTTPExchange
internal import Prooftypes
internal import XMPPModel

/// What a request on the HTTP listener asks for; it decides and looks nothing up.
enum HTTPRouter {
    /// Something to be had.
    enum Resource: Hashable, Sendable {
        /// The POSH document of a domain, hosted or not (PO-23).
        case document(DomainName, POSHPublication.Form)
        case metrics
        case health
        case readiness
        case statusPage
    }

    /// What becomes of a request.
    enum Outcome: Hashable, Sendable {
        case resource(Resource)
        case refused(HTTPServerResponse)
    }

    /// The host that a client means is that of its URL: `Host`, or a whole URL as target. Fields that others add on the way,
    /// as `X-Forwarded-Host`, count for nothing: anybody can send them, and a cache that goes by the host would keep one
    /// tenant's keys as those of another.
    static func outcome(of request: HTTPServerRequest) -> Outcome {
        guard request.method == "GET" || request.method == "HEAD" else { return .refused(HTTPPages.methodNotAllowed) }
        guard !request.hasContent else { return .refused(HTTPPages.contentRefused) }
        let hosts = request.values(of: "host")
        guard hosts.count == 1 || (hosts.isEmpty && request.isBeforeHTTP11) else {
            return .refused(HTTPPages.badRequest("Host has to be sent, once"))
        }
        guard let target = Target(request.target, host: hosts.first) else {
            return .refused(HTTPPages.badRequest("the target is neither a path nor an http URL"))
        }
        return outcome(of: target)
    }

    private static func outcome(of target: Target) -> Outcome {
        switch target.path {
        case "/": return .resource(.statusPage)
        case "/metrics": return .resource(.metrics)
        case "/healthz": return .resource(.health)
        case "/readyz": return .resource(.readiness)
        case POSHPath.rfc7711.path(for: .server): return document(target.host, .rfc7711)
        case POSHPath.draft.path(for: .server): return document(target.host, .draft)
        default: return .refused(HTTPPages.notFound)
        }
    }

    private static func document(_ host: String?, _ form: POSHPublication.Form) -> Outcome {
        guard let host else { return .refused(HTTPPages.badRequest("Host has to say whose document is meant")) }
        guard let name = hostName(host) else { return .refused(HTTPPages.badRequest("Host is not a host")) }
        // An address, or what is no domain, is not hosted: the same answer as for a stranger's.
        guard let domain = try? DomainName(name) else { return .refused(HTTPPages.notFound) }
        return .resource(.document(domain, form))
    }

    /// The host of `host [":" port]` (RFC 9110 §7.2); nil when it is something else.
    private static func hostName(_ text: String) -> String? {
        var name = text[...]
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return nil }
            guard isPort(name[name.index(after: end)...]) else { return nil }
            name = name[...end]
        } else if let colon = name.firstIndex(of: ":") {
            guard isPort(name[colon...]) else { return nil }
            name = name[..<colon]
        }
        // What a host never has; user information in particular would make one domain look like another.
        guard !name.isEmpty, !name.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || "@/\\,;?#%\"".utf8.contains($0) })
        else { return nil }
        return String(name)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty
            || (text.first == ":" && text.utf8.count <= 6 && text.dropFirst().utf8.allSatisfy { 0x30...0x39 ~= $0 })
    }

    /// Where a request goes: the target is a path, or a whole URL that overrides `Host` (RFC 9112 §3.2.2).
    private struct Target {
        var host: String?
        var path: String

        init?(_ text: String, host: String?) {
            if text.hasPrefix("/") {
                (self.host, path) = (host, text)
                return
            }
            let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
            guard let scheme else { return nil }
            let rest = text.dropFirst(scheme.count)
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            self.host = String(rest[..<slash])
            path = slash == rest.endIndex ? "/" : String(rest[slash...])
        }
    }
}
