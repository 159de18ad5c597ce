import CProbe
import Glibc

/// Runs of programs that the kernel has timed, from their first instruction to their last.
struct RunTime: Equatable {
    var runs: UInt64 = 0
    var nanoseconds: UInt64 = 0

    static func + (left: RunTime, right: RunTime) -> RunTime {
        RunTime(runs: left.runs + right.runs, nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    /// What came since; nil where nothing did, or a program was exchanged meanwhile.
    func since(_ earlier: RunTime) -> RunTime? {
        guard runs > earlier.runs, nanoseconds >= earlier.nanoseconds else { return nil }
        return RunTime(runs: runs - earlier.runs, nanoseconds: nanoseconds - earlier.nanoseconds)
    }

    /// Nanoseconds.
    var mean: Double { Double(nanoseconds) / Double(max(runs, 1)) }
}

extension RunTime {
    /// Does something while the kernel times each run of every eBPF program on the machine, which takes some 60 instructions more
    /// then.
    /// - Returns: nil, nothing having been done, where the kernel (before 5.8) or the privileges do not allow it.
    static func timed<Result>(_ body: () -> Result) -> Result? {
        // No class with a deinit: Swift 6.0 puts one with a failable initialiser on the stack, and frees it all the same.
        let descriptor = cprobe_enable_run_time()
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return body()
    }
}
