import TestSupport

/// An installation with an HTTP listener.
struct WebInstallation {
    let installation: Installation
    let http: Endpoint

    init() throws {
        installation = try Installation()
        http = try Endpoint.unused(on: installation.address)
    }

    /// The text of a configuration that listens.
    func configuration(
        domains: String = "[[domain]]\nname = \"a.example\"\nsecret = \"sekrit\"\n", settings: String = ""
    ) -> String {
        installation.configuration(domains: domains, settings: settings).replacing(
            "http = []", with: "http = [\"\(http)\"]")
    }

    func start(
        domains: String = "[[domain]]\nname = \"a.example\"\nsecret = \"sekrit\"\n", settings: String = ""
    ) throws -> LigaseServer {
        try LigaseServer(
            configuration: configuration(domains: domains, settings: settings), in: installation.directory)
    }

    func get(_ path: String, host: String = "a.example") throws -> PlainHTTPClient.Answer {
        try PlainHTTPClient.get(path, host: host, at: http)
    }

    /// The value of a metric without labels.
    func metric(_ name: String) throws -> Int? {
        let line = try get("/metrics").body.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
        return line.flatMap { Int($0.split(separator: " ")[1]) }
    }
}
