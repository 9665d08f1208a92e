internal import Administration
internal import TransportSecurity

/// A page for a person: how the daemon is, in figures. It names no domain, no address and no file.
enum StatusPage {
    private static let style = "body{font:1em/1.5 sans-serif;margin:2em;max-width:40em}td{padding-right:2em}"

    /// What allows the one style sheet, and no other.
    static let styleDigest = Base64.encode(Digest.sha256(Array(style.utf8)))

    static func text(_ status: StatusReply, _ readiness: Readiness) -> String {
        let rows: [(String, String)] = [
            ("State", status.state.rawValue),
            ("Ready", readiness.isReady ? "yes" : "no (see /readyz)"),
            ("Version", status.version),
            ("Started", "\(status.started)"),
            ("Hosted domains", "\(status.tenants)"),
            ("Backends", "\(status.backends)"),
            ("Streams", "\(status.streams)"),
            ("Associations", "\(status.associations)"),
            ("Stanzas waiting", "\(status.queuedStanzas)"),
            ("Listeners up", "\(status.listeners.count { $0.up }) of \(status.listeners.count)"),
            ("Warnings", status.warnings.isEmpty ? "none" : "\(status.warnings.count) (see ligasectl status)"),
        ]
        let table = rows.map { "<tr><td>\(escaped($0.0))</td><td>\(escaped($0.1))</td></tr>" }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Ligase</title><style>\(style)</style></head>
            <body>
            <h1>Ligase</h1>
            <table>
            \(table.joined(separator: "\n"))
            </table>
            <p><a href="/metrics">metrics</a> · <a href="/healthz">health</a> · <a href="/readyz">readiness</a></p>
            </body>
            </html>

            """
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
