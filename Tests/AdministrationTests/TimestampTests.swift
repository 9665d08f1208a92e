import Administration
import Testing

@Suite("RFC 3339 times")
struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_785_319_200, "2026-07-29T10:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"), (951_868_800, "2000-03-01T00:00:00Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
    func `a count of seconds and its text agree both ways`(seconds: Int64, text: String) {
        #expect(Timestamp(secondsSince1970: seconds).description == text)
        #expect(Timestamp(text)?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "", "2026-07-29", "2026-07-29T10:00:00", "2026-07-29T10:00:00+00:00", "2026-07-29t10:00:00Z",
        "2026-13-29T10:00:00Z", "2026-00-29T10:00:00Z", "2026-07-32T10:00:00Z", "2026-07-29T24:00:00Z",
        "2026-07-29T10:60:00Z", "2026-07-29T10:00:60Z", "2026-0７-29T10:00:0Z", "+026-07-29T10:00:00Z",
    ])
    func `anything else is no time`(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
