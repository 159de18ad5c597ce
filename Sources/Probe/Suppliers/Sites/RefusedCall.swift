import CProbe
import Contention

/// A system call whose body takes namespace_sem and refuses probes: what there is to tell of it from around the body.
struct RefusedCall: Hashable {
    /// The body, `__do_sys_statmount` (include/linux/syscalls.h, SYSCALL_DEFINE).
    let body: String
    let isWriter: Bool
    /// The operation of a writer or the class of a reader.
    let site: String

    /// What the system call table leads to, which may be traced on every kernel: `__x64_sys_statmount`.
    var entry: String { LockSitePlan.entryPrefix + body.dropFirst(LockSitePlan.bodyPrefix.count) }

    /// What its `down_read` or `down_write` calls when it has to wait (kernel/locking/rwsem.c).
    var slowPath: String { isWriter ? "rwsem_down_write_slowpath" : "rwsem_down_read_slowpath" }

    var wait: SeriesKey { SeriesKey(isWriter ? .writeWait : .readWait, site: site) }
    var hold: SeriesKey { SeriesKey(isWriter ? .semaphoreWriteHold : .readHold, site: site) }

    /// How the semaphore is taken.
    var kind: ms_site_kind { isWriter ? MS_SITE_DOWN_WRITE : MS_SITE_DOWN_READ }

    /// What the programs call its operation or class; nil where it has none of its own.
    var code: UInt32? {
        LockSiteReader.histogram(hold).map {
            UInt32($0) - (isWriter ? MS_SITE_SEM_WRITE_HOLD : MS_SITE_SEM_READ_HOLD).rawValue
        }
    }

    /// Every function that may have to be traced.
    static let tracedFunctions: Set<String> = Set(LockSitePlan.classes.keys.map { LockSitePlan.entryPrefix + $0 })
        .union(["rwsem_down_read_slowpath", "rwsem_down_write_slowpath"])
}

extension LockSitePlan {
    static let bodyPrefix = "__do_sys_"
    static let entryPrefix = "__x64_sys_"

    /// Calls that refuse probes and can be told of all the same. A writer must give the semaphore back elsewhere, as
    /// `namespace_unlock` does: where it ends is seen there. A reader must not: its hold lasts until the call returns.
    var refusedCalls: [RefusedCall] {
        let bodies = Set(sites.filter { refused[$0.address] != nil }.map(\.function))
        return bodies.sorted().flatMap { body -> [RefusedCall] in
            guard let site = Self.systemCall(body) else { return [] }
            let kinds = Set(sites.filter { $0.function == body && refused[$0.address] != nil }.map(\.kind))
            let writes = kinds.contains(.downWrite) && kinds.isDisjoint(with: [.upWrite, .downgrade])
            let reads = kinds.isSuperset(of: [.downRead, .upRead])
            return [
                writes ? RefusedCall(body: body, isWriter: true, site: site) : nil,
                reads ? RefusedCall(body: body, isWriter: false, site: site) : nil,
            ].compactMap { $0 }.filter { $0.code != nil }
        }
    }
}
