import Contention

/// A part of a run: intervals that end behind its beginning and begin before its end.
public struct RunWindow: Sendable, Equatable {
    /// A moment of a run.
    public enum Bound: Sendable, Equatable {
        /// Nanoseconds since the run's first snapshot.
        case offset(UInt64)
        /// Nanoseconds since midnight, UTC: the first such moment that is not before the run.
        case clock(UInt64)
        /// Nanoseconds since 1970 UTC.
        case moment(Int64)
    }

    /// nil for the run's own beginning and end.
    public var from: Bound?
    public var until: Bound?

    public init(from: Bound? = nil, until: Bound? = nil) {
        self.from = from
        self.until = until
    }

    /// All of a run.
    public static let whole = RunWindow()

    /// A moment as it is written: `2026-11-27T12:04:31Z`, or a time of the day, `12:04` or `12:04:31`; nil for anything else.
    public static func clock(_ text: String) -> Bound? {
        if let moment = Timestamp.nanoseconds(rfc3339: text) { return .moment(moment) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isWholeNumber) })
        else { return nil }
        let numbers = parts.compactMap { UInt64($0) } + [0]
        guard numbers.count > parts.count, numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
        return .clock((numbers[0] * 3600 + numbers[1] * 60 + numbers[2]) * 1_000_000_000)
    }
}

/// A window of a certain run, by its monotonic clock, nanoseconds.
struct MonotonicWindow: Sendable, Equatable {
    let from: UInt64
    let until: UInt64

    init(_ window: RunWindow, of run: RunDescription) {
        func place(_ bound: RunWindow.Bound) -> UInt64 {
            let offset: UInt64
            switch bound {
            case .offset(let nanoseconds): offset = nanoseconds
            case .moment(let moment):
                let (difference, overflows) = moment.subtractingReportingOverflow(run.startRealtime)
                offset = difference < 0 || overflows ? 0 : UInt64(difference)
            case .clock(let time):
                let day: Int64 = 86_400_000_000_000
                let ofDay = ((run.startRealtime % day) + day) % day
                offset = UInt64((Int64(time) - ofDay + day) % day)
            }
            let (sum, overflows) = run.startMonotonic.addingReportingOverflow(offset)
            return overflows ? .max : sum
        }
        from = window.from.map(place) ?? 0
        until = window.until.map(place) ?? .max
    }

    /// Whether an interval ends before the window begins.
    func isBefore(_ end: UInt64) -> Bool { end <= from && from > 0 }

    /// Whether an interval begins when the window has ended.
    func isBehind(_ end: UInt64, _ elapsed: UInt64) -> Bool { end - min(end, elapsed) >= until }
}

extension RunReadError {
    static func emptyWindow(_ path: String) -> RunReadError {
        RunReadError(
            path: path, reason: "has no interval between --from and --until",
            hint: "`report` without them says when the run began and ended; times are UTC")
    }
}
