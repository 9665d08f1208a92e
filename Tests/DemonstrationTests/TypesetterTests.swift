import Testing

@testable import Demonstration

@Suite("Text of the account")
struct TypesetterTests {
    private let plain = Typesetter(isColoured: false, width: 20)

    @Test(arguments: [
        ("", []),
        ("one two", ["one two"]),
        ("one two three four five", ["one two three four", "five"]),
        ("a-word-longer-than-the-line and more", ["a-word-longer-than-the-line", "and more"]),
    ])
    func `lines are broken at spaces`(text: String, lines: [String]) {
        #expect(plain.wrapped(text, width: 20) == lines)
    }

    @Test func `a paragraph is set in, within the width`() {
        #expect(plain.paragraph("one two three four five") == "  one two three four\n  five\n")
    }

    @Test func `escape sequences are written where colours are wanted, and nowhere else`() {
        #expect(plain.styled("text", .good) == "text")
        #expect(Typesetter(isColoured: true).styled("text", .good) == "\u{1B}[32mtext\u{1B}[0m")
        #expect(Typesetter(isColoured: true).styled("text", .plain) == "text")
    }
}
