import CProbe

/// Paths of cgroups, put together from the names that the programs have kept.
struct CgroupPaths {
    private struct Level {
        let name: [UInt8]
        let parent: UInt64
    }

    private var levels: [UInt64: Level] = [:]

    init() {}

    /// - Parameter entries: every cgroup that is known now; those of earlier are kept.
    mutating func learn(_ entries: [(key: UInt64, value: ms_cgroup)]) {
        for (number, cgroup) in entries where levels[number] == nil && cgroup.known == 1 {
            let name = withUnsafeBytes(of: cgroup.name) { Array($0.prefix { $0 != 0 }) }
            levels[number] = Level(name: name, parent: cgroup.parent)
        }
    }

    /// The bytes of `/system.slice/docker.service`; nil where a part of it is not known.
    func path(_ number: UInt64) -> [UInt8]? {
        var names: [[UInt8]] = []
        var here = number
        while let level = levels[here], names.count < 64 {
            if level.parent == 0 {
                let slash = UInt8(ascii: "/")
                return names.isEmpty ? [slash] : names.reversed().flatMap { [slash] + $0 }
            }
            names.append(level.name)
            here = level.parent
        }
        return nil
    }
}
