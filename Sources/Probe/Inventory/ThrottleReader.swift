import SystemCalls

/// How long cgroups were throttled: cpu.stat of a group and of those above it, whose quotas hold it back as well.
///
/// A group is read once a second at most, and only so many groups are followed.
struct ThrottleReader {
    private struct Level {
        /// At the first reading, nanoseconds.
        let first: UInt64
        var latest: UInt64
        /// CLOCK_MONOTONIC of the latest reading, nanoseconds.
        var read: UInt64
    }

    /// Where the hierarchy is mounted; nil where it is not known.
    private let mountPoint: String?
    private var levels: [String: Level] = [:]
    private static let pause: UInt64 = 1_000_000_000
    private static let mostLevels = 1_000

    init(mountPoint: String?) { self.mountPoint = mountPoint }

    /// Nanoseconds since the group was asked for first, the longest of its levels; nil where no level tells.
    /// - Parameters:
    ///   - path: of a cgroup, escaped.
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    mutating func throttled(_ path: String, _ now: UInt64) -> UInt64? {
        guard let mountPoint else { return nil }
        var here = mountPoint
        var longest: UInt64?
        for part in path.split(separator: "/") {
            here += "/\(part)"
            guard let time = level(here, now) else { continue }
            longest = max(longest ?? 0, time)
        }
        return longest
    }

    private mutating func level(_ folder: String, _ now: UInt64) -> UInt64? {
        if let known = levels[folder], now < known.read + Self.pause { return known.latest - known.first }
        guard let time = Self.read("\(folder)/cpu.stat") else {
            // Gone, or without the controller; what was known stays.
            return levels[folder].map { $0.latest - $0.first }
        }
        guard let known = levels[folder] else {
            guard levels.count < Self.mostLevels else { return nil }
            levels[folder] = Level(first: time, latest: time, read: now)
            return 0
        }
        // A group that was made anew under the same name begins at 0: nothing goes back.
        levels[folder]?.latest = max(known.latest, time)
        levels[folder]?.read = now
        return max(known.latest, time) - known.first
    }

    private static func read(_ path: String) -> UInt64? {
        do throws(Errno) {
            guard let bytes = try FileDescriptor.openRegular(path).readToEnd(atMost: 65_536) else { return nil }
            return parse(String(decoding: bytes, as: UTF8.self))
        } catch {
            return nil
        }
    }

    /// Nanoseconds; v2 says microseconds, v1 nanoseconds.
    static func parse(_ text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, let value = UInt64(fields[1]) else { continue }
            if fields[0] == "throttled_usec" {
                let (time, overflows) = value.multipliedReportingOverflow(by: 1000)
                return overflows ? nil : time
            }
            if fields[0] == "throttled_time" { return value }
        }
        return nil
    }
}
