/// Moments as the digits of year, month, day, hour, minute and second in UTC (RFC 4034 §3.2).
enum Moment {
    /// The fourteen digits for seconds since 1970.
    static func digits(_ seconds: UInt32) -> String {
        let (days, second) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
        // A year that begins in March has its leap day at the end; day 0 of this count is 1 March of year 0.
        let count = days + 719_468
        let (era, dayOfEra) = count.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return [year, month, day, second / 3600, second / 60 % 60, second % 60].map { number in
            number < 10 ? "0\(number)" : "\(number)"
        }.joined()
    }
}
