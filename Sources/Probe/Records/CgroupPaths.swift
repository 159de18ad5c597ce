import CProbe

/// Paths of cgroups, put together from the names that the programs have kept.
struct CgroupPaths {
    private struct Level {
        let name: [UInt8]
        let parent: UInt64
    }

    private var levels: [UInt64: Level] = [:]
    /// Not used at the latest harvest: let go at the next one. An actor may be told of a little after its cgroup was named.
    private var unused: Set<UInt64> = []

    /// The kernel's table is emptied from here on: half of its room.
    static let harvestFrom = Int(MS_CGROUPS) / 2

    init() {}

    /// - Parameter entries: every cgroup that is known now; those of earlier are kept.
    mutating func learn(_ entries: [(key: UInt64, value: ms_cgroup)]) {
        for (number, cgroup) in entries where levels[number] == nil && cgroup.known == 1 {
            let name = withUnsafeBytes(of: cgroup.name) { Array($0.prefix { $0 != 0 }) }
            levels[number] = Level(name: name, parent: cgroup.parent)
        }
    }

    /// Lets go of what has not been used since the harvest before.
    /// - Parameters:
    ///   - known: the cgroups that the kernel's table has, all of them learned.
    ///   - used: those of actors that have rows.
    /// - Returns: what is to be taken out of the kernel's table; nothing while that has room. Programs put a cgroup in again with
    ///   the next actor that is new.
    mutating func harvest(_ known: [UInt64], used: Set<UInt64>) -> [UInt64] {
        guard known.count >= Self.harvestFrom else { return [] }
        var kept: Set<UInt64> = []
        for number in used {
            var here = number
            while let level = levels[here], kept.insert(here).inserted { here = level.parent }
        }
        let idle = Set(levels.keys).subtracting(kept)
        for number in idle.intersection(unused).subtracting(known) { levels[number] = nil }
        unused = idle
        return known.filter { levels[$0] != nil }
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
