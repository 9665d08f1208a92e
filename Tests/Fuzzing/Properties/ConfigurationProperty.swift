internal import Configuration

/// The configuration: any text is a configuration or a list of errors, and tenants that are written read the same.
enum ConfigurationProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        // What stands behind an ASCII record separator is the file that every pattern of `include` matches.
        let parts = input.split(separator: 0x1E, maxSplits: 1, omittingEmptySubsequences: false)
        let main = Array(parts.first ?? [])
        let included = parts.count > 1 ? Array(parts[1]) : nil
        let reader = FileReader(
            contents: { path throws(FileReader.Failure) in
                if path == "/etc/ligase/ligase.toml" { return main }
                guard path == "/etc/ligase/more.toml", let included else {
                    throw FileReader.Failure(reason: "No such file or directory")
                }
                return included
            },
            matches: { _ throws(FileReader.Failure) in included == nil ? [] : ["/etc/ligase/more.toml"] })
        let load = { () throws(ConfigurationErrors) in
            try Configuration.load(file: "/etc/ligase/ligase.toml", reading: reader, features: .everything).domains
        }
        let parse = { () throws(ConfigurationErrors) in
            try Configuration.parseTenants(text: main, file: "/tenants.toml", features: .everything).domains
        }
        for read in [load, parse] {
            switch Result(catching: read) {
            case .success(let domains): try checkTenants(domains)
            case .failure(let failure): try checkErrors(failure)
            }
        }
    }

    private static func checkErrors(_ failure: ConfigurationErrors) throws(PropertyViolation) {
        try require(!failure.errors.isEmpty, "a failure without an error")
        for error in failure.errors { try require(!"\(error)".isEmpty, "an error without words") }
    }

    private static func checkTenants(_ domains: [HostedDomain]) throws(PropertyViolation) {
        try require(Set(domains.map(\.name)).count == domains.count, "a domain is hosted twice")
        guard !domains.isEmpty else { return }
        let text = TenantList.text(of: domains)
        let again = try? Configuration.parseTenants(
            text: Array(text.utf8), file: "/tenants.toml", features: .everything)
        // Where a table stands is part of a tenant, and is what changes.
        let isSame =
            again?.domains.count == domains.count
            && zip(again?.domains ?? [], domains).allSatisfy { same($0, $1) }
        try require(isSame, "written as: \(text) read as: \(String(describing: again?.domains))")
    }

    private static func same(_ one: HostedDomain, _ other: HostedDomain) -> Bool {
        var moved = one
        moved.position = other.position
        return moved == other
    }
}
