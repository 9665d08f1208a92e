/// Why the text of a zone cannot be read.
public enum ZoneTextError: Error, Hashable, Sendable {
    /// The number of the line, from 1 (0 for the origin), and what is wrong with it.
    case badLine(Int, String)
}
