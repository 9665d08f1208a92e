/// A file with places to fill in, written `${name}`.
public struct Template: Sendable {
    private let text: String

    /// Takes the template from a file.
    public init(file path: String) throws(HarnessFailure) {
        text = contents(ofFile: path)
        guard !text.isEmpty else { throw .malformed("no template \(path)") }
    }

    /// Takes the template as it stands.
    public init(text: String) { self.text = text }

    /// The text with every place filled in.
    ///
    /// - Throws: ``HarnessFailure/malformed(_:)`` naming a place that `values` does not have.
    public func filled(with values: [String: String]) throws(HarnessFailure) -> String {
        var result = ""
        var rest = text[...]
        while let opening = rest.firstRange(of: "${") {
            result += rest[..<opening.lowerBound]
            rest = rest[opening.upperBound...]
            guard let end = rest.firstIndex(of: "}"), let value = values[String(rest[..<end])] else {
                throw .malformed("template place ${\(rest.prefix(40))")
            }
            result += value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
