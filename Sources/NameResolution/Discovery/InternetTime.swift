/// Moments in the form of RFC 3339.
enum InternetTime {
    /// The seconds since 1970 that a text stands for; a fraction is dropped, and a leap second is the next second.
    ///
    /// - Returns: nil unless the text is a whole date and time with an offset (RFC 3339 §5.6).
    static func seconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard let year = number(4, of: &rest), skip("-", in: &rest), let month = number(2, of: &rest),
            skip("-", in: &rest), let day = number(2, of: &rest), skip("Tt ", in: &rest),
            let hour = number(2, of: &rest), skip(":", in: &rest), let minute = number(2, of: &rest),
            skip(":", in: &rest), let second = number(2, of: &rest), skipFraction(in: &rest),
            let offset = offset(of: &rest), rest.isEmpty
        else { return nil }
        guard 1...12 ~= month, 1...daysInMonth(month, year) ~= day, hour < 24, minute < 60, second <= 60 else {
            return nil
        }
        return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
    }

    private static func offset(of rest: inout ArraySlice<UInt8>) -> Int64? {
        if skip("Zz", in: &rest) { return 0 }
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard skip("+-", in: &rest), let hours = number(2, of: &rest), skip(":", in: &rest),
            let minutes = number(2, of: &rest), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    private static func skipFraction(in rest: inout ArraySlice<UInt8>) -> Bool {
        guard skip(".", in: &rest) else { return true }
        let digits = rest.prefix { isDigit($0) }
        rest = rest.dropFirst(digits.count)
        return !digits.isEmpty
    }

    private static func number(_ count: Int, of rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(isDigit) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private static func skip(_ any: String, in rest: inout ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first, any.utf8.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func isDigit(_ octet: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= octet }

    private static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }

    /// Days since 1970-01-01 in the Gregorian calendar, the year taken to begin in March.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
