import Glibc

/// The kernel's clocks.
public enum Clocks {
    /// CLOCK_MONOTONIC in nanoseconds: never goes back, stands still while the machine sleeps.
    public static func monotonic() -> UInt64 {
        let now = read(CLOCK_MONOTONIC)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// CLOCK_REALTIME in nanoseconds since 1970 UTC.
    public static func realtime() -> Int64 {
        let now = read(CLOCK_REALTIME)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        // Cannot fail: both clocks are in every Linux, and the pointer is good.
        clock_gettime(clock, &now)
        return now
    }
}
