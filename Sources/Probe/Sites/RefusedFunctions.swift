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

    /// The function that does what a series counts, where it refuses probes: then nothing of the series is seen.
    func refusedCall(_ key: SeriesKey, _ programs: [LockSite.Program]) -> String? {
        guard key.metric.subject == .namespaceSem else { return nil }
        return refusedFunctions(key, programs).first { LockSitePlan.systemCall($0) == key.site }
    }

    private static func kinds(_ metric: Metric) -> [LockSite.Kind] {
        metric == .writeWait || metric == .semaphoreWriteHold
            ? [.downWrite, .upWrite, .downgrade] : [.downRead, .upRead]
    }

    /// The operation or class of reader whose system call's body a function is (include/linux/syscalls.h,
    /// SYSCALL_DEFINE); nil for any other function.
    private static func systemCall(_ function: String) -> String? {
        let prefix = "__do_sys_"
        guard function.hasPrefix(prefix) else { return nil }
        let name = String(function.dropFirst(prefix.count))
        switch name {
        case "fsmount": return "mount"
        case "open_tree_attr": return "open_tree"
        case "clone3", "fork", "vfork": return "clone"
        case "exit_group": return "exit"
        default: return name
        }
    }
}
