import Contention

/// Where the cells of CPUs stand that lie together: those of a cache without a gap, caches of a node behind each other, each node
/// on lines of its own.
struct CPUGroups: Equatable {
    struct Cell: Equatable {
        let cpu: Int
        let line: Int
        let column: Int
    }

    struct Title: Equatable {
        let text: String
        let line: Int
    }

    private(set) var cells: [Cell] = []
    private(set) var titles: [Title] = []

    /// nil where nothing is known, or where there is no room for it.
    init?(_ topology: CPUTopology, count: Int, _ area: ViewArea) {
        guard topology.isKnown, count > 0 else { return nil }
        let groups = topology.groups(count)
        let label = groups.indices.map { CPUGroups.title(groups[$0]).count }.max() ?? 0
        var line = -1
        var column = 0
        for (index, group) in groups.enumerated() {
            let before = index > 0 ? groups[index - 1] : nil
            let isNew = before.map { $0.socket != group.socket || $0.node != group.node } ?? true
            if isNew {
                line += 1
                titles.append(Title(text: CPUGroups.title(group), line: line))
                column = label + 1
            }
            if !isNew, column + group.cpus.count > area.columns {
                line += 1
                column = label + 1
            }
            for cpu in group.cpus {
                if column >= area.columns {
                    line += 1
                    column = label + 1
                }
                cells.append(Cell(cpu: cpu, line: line, column: column))
                column += 1
            }
            column += 1
        }
        guard label + 2 <= area.columns, line < area.rows else { return nil }
    }

    /// `socket 0 node 1`; what is not known is left out.
    private static func title(_ group: CPUTopology.Group) -> String {
        let parts = [group.socket.map { "socket \($0)" }, group.node.map { "node \($0)" }].compactMap { $0 }
        return parts.isEmpty ? "others" : parts.joined(separator: " ")
    }
}
