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

    /// CLOCK_PROCESS_CPUTIME_ID in nanoseconds: CPU time of all of this process's threads, in the kernel too.
    public static func processCPU() -> UInt64 {
        let used = read(CLOCK_PROCESS_CPUTIME_ID)
        return UInt64(used.tv_sec) * 1_000_000_000 + UInt64(used.tv_nsec)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        // Cannot fail: these clocks are in every Linux, and the pointer is good.
        clock_gettime(clock, &now)
        return now
    }
}
