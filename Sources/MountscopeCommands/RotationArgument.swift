import ArgumentParser
import Recording

/// When to go on in new files, on the command line: a duration (`1h`) or a size (`512MiB`, `1GB`).
enum RotationArgument {
    private static let leastSize = 1 << 20
    private static let units: [(name: String, size: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("kB", 1000), ("MB", 1_000_000),
        ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]

    /// - Throws: `ValidationError` for what is neither, for less than a second or a mebibyte.
    static func parse(_ text: String) throws -> Rotation {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return .time(try time(text)) }
        guard let number = Int(text.dropLast(unit.name.count)) else {
            throw ValidationError("\"\(text)\" is no size; write 512MiB or 1GB, 1MiB at least")
        }
        let (size, overflows) = number.multipliedReportingOverflow(by: unit.size)
        guard !overflows else { throw ValidationError("\"\(text)\" is too large; 8388607TiB is the most") }
        guard size >= leastSize else { throw ValidationError("\"\(text)\" is too small; 1MiB is the least") }
        return .size(size)
    }

    /// Nanoseconds.
    private static func time(_ text: String) throws -> UInt64 {
        let time = try DurationArgument.parse(text).nanoseconds
        guard time >= 1_000_000_000 else { throw ValidationError("\"\(text)\" is too short; 1s is the least") }
        return time
    }
}
