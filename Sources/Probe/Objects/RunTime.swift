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

/// The kernel's statistics of eBPF programs, on for as long as this lives: each run of every program on the machine takes some
/// 60 instructions more meanwhile.
final class RunTimeStatistics {
    private let descriptor: Int32

    /// nil where the kernel (before 5.8) or the privileges do not allow it.
    init?() {
        descriptor = cprobe_enable_run_time()
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
