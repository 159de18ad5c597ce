import CProbe
import SystemCalls

/// Paths of cgroups, put together from the names that the programs have kept.
struct CgroupNames {
    private struct Level {
        let name: String
        let parent: UInt64
    }

    private var levels: [UInt64: Level] = [:]

    init() {}

    /// - Parameter entries: every cgroup that is known now; those of earlier are kept.
    mutating func learn(_ entries: [(key: UInt64, value: ms_cgroup)]) {
        for (number, cgroup) in entries where levels[number] == nil && cgroup.known == 1 {
            let bytes = withUnsafeBytes(of: cgroup.name) { Array($0.prefix { $0 != 0 }) }
            levels[number] = Level(name: EscapedBytes.text(bytes), parent: cgroup.parent)
        }
    }

    /// `/system.slice/docker.service`, escaped; nil where a part of it is not known.
    func path(_ number: UInt64) -> String? {
        var names: [String] = []
        var here = number
        while let level = levels[here], names.count < 64 {
            if level.parent == 0 { return "/" + names.reversed().joined(separator: "/") }
            names.append(level.name)
            here = level.parent
        }
        return nil
    }
}
