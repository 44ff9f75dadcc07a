package import FoundationEssentials

/// How a date is written.
public enum TimestampFormat: Sendable {
    /// `2019-12-16T23:48:18Z`
    case iso8601
    /// `Mon, 16 Dec 2019 23:48:18 GMT`, as HTTP writes its dates.
    case httpDate
    /// `1576540098`: seconds since 1970.
    case epochSeconds
}

/// Dates in the calendar of UTC, as text.
package enum Timestamp {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    /// A date in the calendar of UTC, to the second.
    private struct Civil {
        var year, month, day, hour, minute, second: Int
        /// Days since 1970-01-01, itself a Thursday.
        var days: Int

        /// Source: http://howardhinnant.github.io/date_algorithms.html (civil_from_days)
        init(seconds: Int64) {
            days = Int((Double(seconds) / 86_400).rounded(.down))
            let ofDay = Int(seconds) - days * 86_400
            (hour, minute, second) = (ofDay / 3600, ofDay / 60 % 60, ofDay % 60)
            let shifted = days + 719_468
            let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
            let ofEra = shifted - era * 146_097
            let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
            let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let shiftedMonth = (5 * ofYear + 2) / 153
            day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
            month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        }

        /// Source: http://howardhinnant.github.io/date_algorithms.html (days_from_civil)
        static func days(year: Int, month: Int, day: Int) -> Int {
            let year = month <= 2 ? year - 1 : year
            let era = (year >= 0 ? year : year - 399) / 400
            let yearOfEra = year - era * 400
            let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
            return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
        }
    }

    /// A date as text. A fraction of a second is written in milliseconds, and only where there is one.
    package static func text(_ date: Date, _ format: TimestampFormat) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
        let seconds = Int64((Double(milliseconds) / 1000).rounded(.down))
        let rest = Int(milliseconds - seconds * 1000)
        let fraction = rest == 0 ? "" : "." + padded(rest, 3)
        let civil = Civil(seconds: seconds)
        let time = "\(padded(civil.hour)):\(padded(civil.minute)):\(padded(civil.second))"
        switch format {
        case .iso8601:
            return "\(padded(civil.year, 4))-\(padded(civil.month))-\(padded(civil.day))T\(time)\(fraction)Z"
        case .httpDate:
            let weekday = weekdays[((civil.days % 7) + 7) % 7]
            return "\(weekday), \(padded(civil.day)) \(months[civil.month - 1]) \(padded(civil.year, 4)) \(time) GMT"
        case .epochSeconds:
            return "\(seconds)\(fraction)"
        }
    }

    /// A date as Signature Version 4 wants it: `20150830T123600Z`.
    package static func compact(_ date: Date) -> String {
        let civil = Civil(seconds: Int64(date.timeIntervalSince1970.rounded(.down)))
        let day = "\(padded(civil.year, 4))\(padded(civil.month))\(padded(civil.day))"
        return "\(day)T\(padded(civil.hour))\(padded(civil.minute))\(padded(civil.second))Z"
    }

    /// Reads any of the formats, with or without a fraction, and ISO 8601 with an offset too.
    package static func parse(_ text: String) -> Date? {
        if let seconds = Double(text) { return Date(timeIntervalSince1970: seconds) }
        return text.contains(",") ? parseHTTP(text) : parseISO(text)
    }

    private static func parseISO(_ text: String) -> Date? {
        var scanner = Scanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2), (1...12).contains(month)
        else { return nil }
        let fraction = scanner.fraction()
        var offset = 0
        if !scanner.skip("Z"), !scanner.skip("z") {
            let isWest = scanner.skip("-")
            guard isWest || scanner.skip("+"), let hours = scanner.number(2) else { return nil }
            _ = scanner.skip(":")
            guard let minutes = scanner.number(2) else { return nil }
            offset = (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
        }
        let days = Civil.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return scanner.isAtEnd ? Date(timeIntervalSince1970: Double(seconds) + fraction) : nil
    }

    private static func parseHTTP(_ text: String) -> Date? {
        let parts = text.split { $0 == " " || $0 == "," || $0 == ":" || $0 == "-" }
        guard parts.count == 8, let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])),
            let year = Int(parts[3]), let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Double(parts[6])
        else { return nil }
        let days = Civil.days(year: year, month: month + 1, day: day)
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60) + second)
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private struct Scanner {
        private var rest: Substring

        init(_ text: String) { rest = text[...] }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func number(_ width: Int) -> Int? {
            let digits = rest.prefix(width)
            guard digits.count == width, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            rest = rest.dropFirst(width)
            return Int(digits)
        }

        mutating func skip(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func fraction() -> Double {
            guard rest.first == "." else { return 0 }
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count + 1)
            return Double("0.\(digits)") ?? 0
        }
    }
}
