import Testing

@testable import Diagnostics

@Suite("Log records")
struct LogRecordTests {
    private func record(_ message: String, _ facts: [(name: String, value: String)] = []) -> LogRecord {
        LogRecord(
            seconds: 1_785_319_200, milliseconds: 7, level: "info", component: "streams", message: message,
            facts: facts)
    }

    private func text(_ record: LogRecord, _ format: LogFormat) -> String {
        String(decoding: record.line(as: format), as: UTF8.self)
    }

    @Test func `a text record is time, level, message and facts`() {
        let line = text(record("stream established", [("remote", "b.example"), ("stream", "s17")]), .text)
        #expect(line == "2026-07-29T10:00:00.007Z info stream established remote=b.example stream=s17\n")
    }

    @Test func `a JSON record is one object`() {
        let line = text(record("stream established", [("remote", "b.example")]), .json)
        #expect(
            line == "{\"time\":\"2026-07-29T10:00:00.007Z\",\"level\":\"info\",\"component\":\"streams\","
                + "\"message\":\"stream established\",\"remote\":\"b.example\"}\n")
    }

    @Test(arguments: [
        ("plain", "plain"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
        ("say \"x\"", "\"say \\\"x\\\"\""), ("back\\slash", "\"back\\\\slash\""), ("a\nb", "\"a\\nb\""),
        ("a\r\tb", "\"a\\r\\tb\""), ("\u{1B}[2J", "\"\\u001b[2J\""), ("\u{9B}2J", "\"\\u009b2J\""),
        ("\u{202E}x", "\"\\u202ex\""), ("\u{2028}", "\"\\u2028\""), ("\u{7F}", "\"\\u007f\""),
        ("\u{E0001}", "\"\\udb40\\udc01\""), ("bücher", "bücher"), ("\u{0}", "\"\\u0000\""),
    ])
    func `no value leaves its place in a text record`(value: String, written: String) {
        let line = text(record("m", [("peer", value)]), .text)
        #expect(line == "2026-07-29T10:00:00.007Z info m peer=\(written)\n")
    }

    @Test(arguments: [
        ("plain", "plain"), ("a \"b\" \\", "a \\\"b\\\" \\\\"), ("a\nb\u{1B}\u{0}", "a\\nb\\u001b\\u0000"),
        ("\u{2028}", "\\u2028"), ("😀", "😀"), ("\u{E0001}", "\\udb40\\udc01"),
    ])
    func `no value leaves its place in a JSON record`(value: String, written: String) {
        #expect(text(record("m", [("peer", value)]), .json).hasSuffix("\"peer\":\"\(written)\"}\n"))
    }

    @Test func `a message that could pass for a fact or a record is quoted`() {
        #expect(text(record("hello prooftype=dane"), .text).hasSuffix(" info \"hello prooftype=dane\"\n"))
        #expect(text(record("a\n2026 info b"), .text).hasSuffix(" info \"a\\n2026 info b\"\n"))
        #expect(text(record("it's fine: 100 % – ü"), .text).hasSuffix(" info it's fine: 100 % – ü\n"))
    }

    @Test func `a name is one word, and none stands twice in an object`() {
        #expect(text(record("m", [("a b=\"\n", "x")]), .text).hasSuffix(" m a_b__\\n=x\n"))
        #expect(!text(record("m", [("level", "x"), ("time", "y")]), .json).contains("\"x\""))
    }

    @Test func `no name of ours is one that every record has`() {
        for field in LogField.allCases {
            #expect(!["time", "level", "component", "message"].contains(field.rawValue))
        }
    }
}
