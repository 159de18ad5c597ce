import CProbe
import Contention

/// An instruction that a program of bpf/lock_sites.bpf.c is attached to.
struct LockSite: Equatable {
    /// The programs, by the names of bpf/lock_sites.bpf.c and in the order of `ms_site_program`.
    enum Program: String, CaseIterable {
        case lockContended = "lock_contended"
        case writeAcquired = "write_acquired"
        case writeLeft = "write_left"
        case exclusiveAcquired = "exclusive_acquired"
        case exclusiveReleased = "exclusive_released"
        case readerPaused = "reader_paused"
        case readerBlocked = "reader_blocked"
        case readerResumed = "reader_resumed"
        case semaphoreRequested = "semaphore_requested"
        case semaphoreAcquired = "semaphore_acquired"
        case semaphoreReleased = "semaphore_released"

        /// Programs that count nonsense without one another have the same.
        var group: String {
            switch self {
            case .lockContended, .readerPaused: rawValue
            case .writeAcquired, .writeLeft: "write sections"
            case .exclusiveAcquired, .exclusiveReleased: "exclusive sections"
            case .readerBlocked, .readerResumed: "blocked readers"
            case .semaphoreRequested, .semaphoreAcquired, .semaphoreReleased: "semaphore"
            }
        }

        /// The metrics that are split by the function the instruction is in.
        var countedByFunction: [Metric] {
            switch self {
            case .writeAcquired: [.writeAcquires]
            case .exclusiveAcquired: [.exclusiveAcquires]
            case .readerPaused: [.readerSpins, .spinIterations, .spinTime]
            default: []
            }
        }
    }

    /// What an instruction does to namespace_sem; plain where it does nothing to it.
    enum Kind {
        case plain, downWrite, downRead, upWrite, upRead, downgrade

        /// What the programs call it.
        var code: ms_site_kind {
            switch self {
            case .plain: MS_SITE_PLAIN
            case .downWrite: MS_SITE_DOWN_WRITE
            case .downRead: MS_SITE_DOWN_READ
            case .upWrite: MS_SITE_UP_WRITE
            case .upRead: MS_SITE_UP_READ
            case .downgrade: MS_SITE_DOWNGRADE
            }
        }
    }

    let program: Program
    let address: UInt64
    /// The kernel function, as kallsyms names it up to its first dot.
    let function: String
    /// Bytes from the start of the symbol.
    let offset: UInt64
    var kind = Kind.plain
    /// A pause: where in struct pt_regs the sequence is; a down_write: 1 in the expiry of mounts.
    var argument: UInt32 = 0
}
