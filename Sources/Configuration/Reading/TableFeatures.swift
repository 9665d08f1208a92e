/// The rule for what is not built: a key without effect is a warning, a value that asks for more safety an error.
extension TableReader {
    /// Warns that `key`, where the file sets it, has no effect unless one of `wanted` is built.
    func needs(_ wanted: BuiltFeatures, for key: String, effect: String = "has no effect", unless isIdle: Bool = false)
    {
        guard !isIdle, isSet(key), features.isDisjoint(with: wanted) else { return }
        warnUnbuilt(key, effect: effect)
    }

    /// Warns that what `key` asks for is not built.
    func warnUnbuilt(_ key: String, effect: String) {
        warning(key, "is not built yet: \(effect)")
    }

    /// Refuses `key` unless `wanted` is built.
    func requires(_ wanted: BuiltFeatures, for key: String, _ message: String, mend: String) {
        guard !features.isSuperset(of: wanted) else { return }
        error(key, message, mend: mend)
    }

    /// Whether the prooftype of that name is built.
    func isBuilt(prooftype name: String) -> Bool {
        switch name {
        case "pkix": features.contains(.pkix)
        case "dane": features.contains(.dane)
        case "posh": features.contains(.posh)
        default: furtherProoftypes.contains(name)
        }
    }

    /// Refuses a way of validation that is not built where the file asks for it, and warns where it is the default.
    func checkValidation(_ validation: DNSSettings.Validation, key: String) {
        let wanted: BuiltFeatures =
            switch validation {
            case .local: .signatureValidation
            case .resolver: .resolverValidation
            case .off: []
            }
        guard !features.isSuperset(of: wanted) else { return }
        if isSet(key) {
            error(
                key, "\"\(validation.rawValue)\" asks for DNSSEC, which is not built yet",
                mend: "write \(key) = \"off\", or remove the line")
        } else {
            warning(key, "is not built yet: every DNS answer counts as unsigned")
        }
    }
}
