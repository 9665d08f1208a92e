/// Moments as operators read them: RFC 3339 in UTC.
enum InternetTime {
    private static let day: Int64 = 86_400

    /// The text for seconds since 1970: `2026-07-29T10:00:00Z`.
    static func text(_ moment: Int64) -> String {
        // Beyond the four digits of a year there is no such text.
        let seconds = min(max(moment, -62_135_596_800), 253_402_300_799)
        let days = seconds >= 0 ? seconds / day : (seconds - day + 1) / day
        let rest = seconds - days * day
        // Years that begin in March put the leap day at their end; 719468 days lie between the year 0 and 1970.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * month + 2) / 5 + 1
        let year = yearOfEra + era * 400 + (month < 10 ? 0 : 1)
        return "\(padded(year, 4))-\(padded(month < 10 ? month + 3 : month - 9, 2))-\(padded(date, 2))"
            + "T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
    }

    private static func padded(_ value: Int64, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
