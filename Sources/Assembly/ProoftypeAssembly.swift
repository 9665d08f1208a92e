public import Configuration
internal import DomainAssociation
public import Prooftypes

/// Brings prooftypes and their settings together: what they declare goes to the configuration, and what that read goes
/// to them.
public enum ProoftypeAssembly {
    /// The sections that prooftypes beyond those of the interface have in the configuration.
    public static func sections(of kinds: [any ProoftypeKind.Type]) -> [ProoftypeSection] {
        kinds.filter { !isBuiltIn($0) }.map { kind in
            ProoftypeSection(
                name: kind.name.description,
                keys: kind.settings.map { setting in
                    ProoftypeSection.Key(
                        name: setting.key, form: form(of: setting), isRequired: setting.isRequired)
                })
        }
    }

    /// Makes those of the interface, which need no settings, and every other that some policy lists; one that nobody lists
    /// may be without its settings.
    static func settle(
        _ kinds: [any ProoftypeKind.Type], by configuration: Configuration
    ) -> (kinds: [any ProoftypeKind], errors: [ConfigurationError]) {
        let used = configuration.usedProoftypes
        var settled: [any ProoftypeKind] = []
        var errors: [ConfigurationError] = []
        for kind in kinds where used.contains(kind.name.description) || isBuiltIn(kind) {
            let section = configuration.prooftypeSections[kind.name.description] ?? SectionValues()
            do throws(ProoftypeSettingFault) {
                settled.append(try kind.init(try values(of: section)))
            } catch {
                let position = section.entries[error.key]?.position
                errors.append(
                    ConfigurationError(
                        file: position?.file ?? configuration.files.first ?? "", line: position?.line,
                        column: position?.column, keyPath: "\(kind.name).\(error.key)", message: error.message,
                        mend: error.mend))
            }
        }
        return (settled, errors)
    }

    private static func isBuiltIn(_ kind: any ProoftypeKind.Type) -> Bool {
        FederationSettings.knownProoftypes.contains(kind.name.description)
    }

    private static func form(of setting: ProoftypeSetting) -> ProoftypeSection.Form {
        switch setting.form {
        case .text: .text
        case .texts: .texts
        case .integer: .integer
        case .boolean: .boolean
        case .file: .file
        }
    }

    private static func values(of section: SectionValues) throws(ProoftypeSettingFault) -> ProoftypeValues {
        var values: [String: ProoftypeValues.Value] = [:]
        for (key, entry) in section.entries.sorted(by: { $0.key < $1.key }) {
            switch entry.value {
            case .text(let text): values[key] = .text(text)
            case .texts(let texts): values[key] = .texts(texts)
            case .integer(let number): values[key] = .integer(number)
            case .boolean(let flag): values[key] = .boolean(flag)
            case .file(let path): values[key] = .file(path: path, content: try content(of: path, key))
            }
        }
        return ProoftypeValues(values)
    }

    private static func content(of path: String, _ key: String) throws(ProoftypeSettingFault) -> [UInt8] {
        do throws(WholeFile.Failure) {
            return try WholeFile.read(path)
        } catch {
            throw ProoftypeSettingFault(
                key, "\(path): \(error.reason)", mend: "make the file, readable by the daemon's user")
        }
    }
}
