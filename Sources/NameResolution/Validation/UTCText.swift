/// Moments as operators read them.
enum UTCText {
    private static let secondsPerDay: Int64 = 86_400
    private static let daysPerEra: Int64 = 146_097

    /// `2026-11-21T03:55:00Z`, from seconds since 1970.
    static func describe(_ seconds: Int64) -> String {
        let days = (Double(seconds) / Double(secondsPerDay)).rounded(.down)
        let day = Int64(days)
        let second = seconds - day * secondsPerDay
        let (year, month, dayOfMonth) = date(daysSince1970: day)
        return "\(year)-\(twoDigits(month))-\(twoDigits(dayOfMonth))"
            + "T\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))Z"
    }

    /// The Gregorian calendar, counted in eras of 400 years that begin on 1 March.
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - daysPerEra + 1) / daysPerEra
        let dayOfEra = shifted - era * daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
