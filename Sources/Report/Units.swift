/// Numbers as people read them. The only place where units become text.
public enum Units {
    /// A duration with three digits: `850 ns`, `1.23 ms`, `12.3 s`, `1,234 s`.
    public static func duration(_ nanoseconds: UInt64) -> String {
        if nanoseconds < 1000 { return "\(nanoseconds) ns" }
        for (unit, size) in [("us", 1e3), ("ms", 1e6), ("s", 1e9)] {
            if let digits = threeDigits(Double(nanoseconds) / size) { return "\(digits) \(unit)" }
        }
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return "\(grouped(seconds + (rest < 500_000_000 ? 0 : 1))) s"
    }

    /// Nanoseconds with a fraction, such as a mean.
    public static func duration(_ nanoseconds: Double) -> String {
        duration(UInt64(min(max(0, nanoseconds), 1e19).rounded()))
    }

    /// A length that somebody chose, without needless zeros: `1 s`, `500 ms`, `1.5 s`.
    static func round(_ nanoseconds: UInt64) -> String {
        let parts = duration(nanoseconds).split(separator: " ")
        guard let digits = parts.first, digits.contains("."), let unit = parts.last else {
            return duration(nanoseconds)
        }
        let short = digits.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()
        return "\(String(short)) \(unit)"
    }

    /// How long something has been going on: `7 s`, `2 min 05 s`, `3 h 02 min`.
    public static func elapsed(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(twoDigits(seconds % 60)) s" }
        return "\(seconds / 3600) h \(twoDigits(seconds / 60 % 60)) min"
    }

    /// Events: `1,234,567`, from ten million on `12.3 M`. At most nine characters up to 10^18.
    public static func count(_ count: UInt64) -> String {
        count < 10_000_000 ? grouped(count) : scaled(Double(count))
    }

    /// So many things: `1 interval`, `2 intervals`.
    static func amount(_ count: Int, _ one: String) -> String { count == 1 ? "1 \(one)" : "\(count) \(one)s" }

    /// Events a second: `0.12`, `1.23`, `123`, `12,345`, from a million on `1.23 M`. At most seven characters up to
    /// 10^18.
    public static func rate(_ perSecond: Double) -> String {
        if perSecond == 0 { return "0" }
        if let digits = threeDigits(perSecond) { return digits }
        let rounded = perSecond.rounded()
        return rounded < 1e6 ? grouped(UInt64(rounded)) : scaled(perSecond)
    }

    /// A plain number with two decimals: `0.45`. For files that programs read too: no thousands separators.
    public static func plain(_ value: Double) -> String {
        guard value < 1e16 else { return "\(value)" }
        let hundredths = UInt64((value * 100).rounded())
        return "\(hundredths / 100).\(twoDigits(hundredths % 100))"
    }

    /// A share of a whole as a plain number: `0.03312`.
    public static func fraction(_ share: Double) -> String {
        guard share < 1e13 else { return "\(share)" }
        let scaled = UInt64((share * 1e5).rounded())
        let digits = String(scaled % 100_000)
        return "\(scaled / 100_000)." + String(repeating: "0", count: 5 - digits.count) + digits
    }

    /// A share of a whole: `12.34 %`. Rounded down: only all of it is `100 %`.
    public static func percent(_ share: Double) -> String {
        share == 1 ? "100 %" : "\(plain((share * 10000 + 1e-9).rounded(.down) / 100)) %"
    }

    /// A number below 1 with three significant digits: `0.800`, `0.0123`, and below a ten thousandth `1.23e-7`.
    public static func significant(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        var (scaled, exponent) = (value, 0)
        while scaled < 0.9995 {
            scaled *= 10
            exponent += 1
        }
        return exponent > 4 ? "\(decimals(scaled, 2))e-\(exponent)" : decimals(value, max(3, exponent + 2))
    }

    /// A number that is not negative with so many decimals: `0.0312`.
    public static func decimals(_ value: Double, _ count: Int) -> String {
        let power = (0..<count).reduce(1.0) { power, _ in power * 10 }
        let scaled = String(UInt64((value * power).rounded()))
        let digits = String(repeating: "0", count: max(0, count + 1 - scaled.count)) + scaled
        return digits.dropLast(count) + "." + digits.suffix(count)
    }

    /// Bytes: `512 B`, `1.23 MB`.
    public static func bytes(_ count: UInt64) -> String { count < 1000 ? "\(count) B" : scaled(Double(count)) + "B" }

    /// Three digits of a value below 1000; nil when it rounds to more.
    static func threeDigits(_ value: Double) -> String? {
        for (power, decimals) in [(100.0, 2), (10.0, 1), (1.0, 0)] {
            let scaled = (value * power).rounded()
            if scaled < 1000 { return decimal(UInt64(scaled), decimals: decimals) }
        }
        return nil
    }

    private static func scaled(_ value: Double) -> String {
        for (unit, size) in [("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15)] {
            if let digits = threeDigits(value / size) { return "\(digits) \(unit)" }
        }
        return threeDigits(value / 1e18).map { "\($0) E" } ?? "\(value)"
    }

    private static func decimal(_ scaled: UInt64, decimals: Int) -> String {
        guard decimals > 0 else { return String(scaled) }
        let divisor: UInt64 = decimals == 2 ? 100 : 10
        let fraction = String(scaled % divisor)
        return "\(scaled / divisor)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// `1,234,567`
    static func grouped(_ value: UInt64) -> String {
        let digits = String(value)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    private static func twoDigits(_ value: UInt64) -> String { (value < 10 ? "0" : "") + String(value) }
}
