/// The URI templates of `dohpath` (RFC 9461 §5, RFC 6570).
enum DesignationPath {
    private static let longest = 1024

    /// The path that a template expands to when no variable is set, which is how questions go by POST (RFC 8484 §4.1).
    ///
    /// - Returns: nil when the template is not relative to the host, has no variable `dns`, or makes no good path.
    static func forPost(_ template: String) -> String? {
        guard template.utf8.count <= longest, template.hasPrefix("/"), !template.hasPrefix("//") else { return nil }
        var path = ""
        var expression: String?
        var hasVariable = false
        for character in template {
            switch (character, expression) {
            case ("{", nil):
                expression = ""
            case ("}", .some(let open)):
                guard let variables = variables(of: open) else { return nil }
                hasVariable = hasVariable || variables.contains("dns")
                expression = nil
            case ("{", .some), ("}", nil):
                return nil
            case (_, .some(let open)):
                expression = open + String(character)
            case (_, nil):
                guard isAllowed(character) else { return nil }
                path.append(character)
            }
        }
        return expression == nil && hasVariable ? path : nil
    }

    private static func variables(of expression: String) -> [Substring]? {
        var list = Substring(expression)
        if let operation = list.first, "+#./;?&".contains(operation) {
            // A fragment never leaves for the server.
            if operation == "#" { return nil }
            list = list.dropFirst()
        }
        let variables = list.split(separator: ",", omittingEmptySubsequences: false)
        let isName = { (variable: Substring) in
            !variable.isEmpty && variable.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
        }
        return variables.allSatisfy(isName) ? variables : nil
    }

    private static func isLetterOrDigit(_ octet: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= octet || UInt8(ascii: "a")...UInt8(ascii: "z") ~= octet | 0x20
    }

    /// The characters of a path and its query (RFC 3986 §3.3, §3.4).
    private static func isAllowed(_ character: Character) -> Bool {
        guard let octet = character.asciiValue else { return false }
        return isLetterOrDigit(octet) || "-._~!$&'()*+,;=:@/?%".contains(character)
    }
}
