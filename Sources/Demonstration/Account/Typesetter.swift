/// Text of a fixed width, with colours where they are wanted.
struct Typesetter: Sendable {
    /// How a piece of text stands out.
    enum Style: String, Sendable {
        case plain = ""
        case strong = "1"
        case quiet = "2"
        case good = "32"
        case bad = "31"
    }

    /// Whether escape sequences for colours are written.
    let isColoured: Bool
    /// Columns on a line.
    let width: Int

    private static let colours = ["36", "35", "33", "34"]

    init(isColoured: Bool, width: Int = 100) {
        self.isColoured = isColoured
        self.width = width
    }

    func styled(_ text: String, _ style: Style) -> String { painted(text, style.rawValue) }

    /// The same colour for the same player.
    func coloured(_ text: String, index: Int) -> String { painted(text, Self.colours[index % Self.colours.count]) }

    private func painted(_ text: String, _ code: String) -> String {
        isColoured && !code.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Breaks text into lines at its spaces; a word that is longer than a line stays whole.
    func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// A paragraph, set in.
    func paragraph(_ text: String, indent: Int = 2) -> String {
        let space = String(repeating: " ", count: indent)
        return wrapped(text, width: width - indent).map { space + $0 + "\n" }.joined()
    }

    /// `text` and spaces up to `width`.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
