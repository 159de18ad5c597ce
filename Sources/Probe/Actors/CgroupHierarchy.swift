import CProbe
import SystemCalls

/// Whose groups tell containers apart on this host: those of cgroup v2, or of one hierarchy of v1.
struct CgroupHierarchy: Equatable {
    /// For the programs: the index of a v1 controller in a task's set, and 1; 0 for v2.
    let subsystem: UInt32
    /// Where it is mounted; nil where it is not known.
    let mountPoint: String?

    /// Controllers of v1 whose hierarchy container runtimes make groups in, by preference.
    private static let controllers = ["pids", "memory", "cpu", "devices", "freezer"]

    /// - Parameters:
    ///   - mounts: /proc/self/mountinfo
    ///   - index: the kernel's number of a controller (`pids_cgrp_id`); nil where it has none.
    init(mounts: String, index: (String) -> Int?) {
        let lines = mounts.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: false) }
        func mountPoint(_ accepts: (_ type: Substring, _ options: [Substring]) -> Bool) -> String? {
            for fields in lines {
                guard let dash = fields.firstIndex(of: "-"), dash + 3 < fields.count, fields.count > 4,
                    accepts(fields[dash + 1], fields[dash + 3].split(separator: ","))
                else { continue }
                return String(fields[4])
            }
            return nil
        }
        for controller in Self.controllers {
            let found = mountPoint { type, options in type == "cgroup" && options.contains(Substring(controller)) }
            guard let found, let index = index(controller) else { continue }
            subsystem = UInt32(index + 1)
            self.mountPoint = found
            return
        }
        subsystem = 0
        self.mountPoint = mountPoint { type, _ in type == "cgroup2" }
    }

    /// The running host's.
    init(types: KernelTypes?) {
        var mounts = ""
        do throws(Errno) { mounts = try readText("/proc/self/mountinfo") } catch {}
        self.init(mounts: mounts) { types?.controller($0) }
    }
}
