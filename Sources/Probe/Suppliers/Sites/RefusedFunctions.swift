import CProbe
import Contention

extension LockSitePlan {
    /// Functions that refuse probes which a series needs.
    ///
    /// Of namespace_sem only those that take it as the series does, as a writer or as a reader; and the body of a system
    /// call concerns only the series of that call.
    func refusedFunctions(_ key: SeriesKey, _ programs: [LockSite.Program]) -> Set<String> {
        let refusing = Set(
            sites.filter { programs.contains($0.program) && refused[$0.address] != nil }.map(\.function))
        guard key.metric.subject == .namespaceSem, !refusing.isEmpty else { return refusing }
        let kinds = LockSitePlan.kinds(key.metric)
        let same = Set(sites.filter { kinds.contains($0.kind) }.map(\.function))
        return refusing.filter { function in
            guard same.contains(function) else { return false }
            guard let call = LockSitePlan.systemCall(function) else { return true }
            return key.site == (key.metric.sites.contains(call) ? call : "other")
        }
    }

    /// The bodies of system calls that do what a series counts, and refuse probes: none of it is seen there.
    func refusedBodies(_ key: SeriesKey, _ programs: [LockSite.Program]) -> [String] {
        guard key.metric.subject == .namespaceSem else { return [] }
        return refusedFunctions(key, programs).filter { LockSitePlan.systemCall($0) == key.site }.sorted()
    }

    private static func kinds(_ metric: Metric) -> [LockSite.Kind] {
        metric == .writeWait || metric == .semaphoreWriteHold
            ? [.downWrite, .upWrite, .downgrade] : [.downRead, .upRead]
    }

    /// The operation or class of reader whose system call's body a function is (include/linux/syscalls.h,
    /// SYSCALL_DEFINE); nil for any other function.
    static func systemCall(_ function: String) -> String? {
        guard function.hasPrefix(bodyPrefix) else { return nil }
        let name = String(function.dropFirst(bodyPrefix.count))
        return classes[name] ?? name
    }

    /// The operation or class of reader that a system call is counted as (bpf/operation.bpf.h).
    static let classes = [
        "statmount": "statmount", "listmount": "listmount", "mount": "mount", "fsmount": "mount", "umount": "umount",
        "move_mount": "move_mount", "mount_setattr": "mount_setattr", "open_tree": "open_tree",
        "open_tree_attr": "open_tree", "unshare": "unshare", "clone": "clone", "clone3": "clone", "fork": "clone",
        "vfork": "clone", "pivot_root": "pivot_root", "exit": "exit", "exit_group": "exit",
    ]
}
