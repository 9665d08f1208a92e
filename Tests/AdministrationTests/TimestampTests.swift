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

    @Test(arguments: [
        ("2026-07-29T10:00:00Z", 1_785_319_200), ("2026-07-29t10:00:00z", 1_785_319_200),
        ("2026-07-29T12:30:00+02:30", 1_785_319_200), ("2026-07-29T06:00:00-04:00", 1_785_319_200),
        ("2026-07-29T10:00:00.999999Z", 1_785_319_200), ("2026-07-29T10:00:00.5+00:00", 1_785_319_200),
        ("2024-02-29T00:00:00Z", 1_709_164_800),
    ])
    func `an operator may write any form of RFC 3339`(text: String, seconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "", "now", "2026-07-29", "2026-07-29T10:00:00", "2026-07-29 10:00:00Z", "2026-02-29T10:00:00Z",
        "2026-04-31T10:00:00Z", "2026-07-29T10:00:00+2:00", "2026-07-29T10:00:00+24:00", "2026-07-29T10:00:00.Z",
        "2026-07-29T10:00:00Zulu", "2026-07-29T10:00:00ß",
    ])
    func `what RFC 3339 does not know is no time`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}
