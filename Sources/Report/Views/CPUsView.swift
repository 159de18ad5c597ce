import Contention
import Frames
import Scales

/// A metric by CPU: a line for each CPU with its last minute where there are few, else a cell for each.
struct CPUsView {
    let input: ViewInput

    private var words: CPUWords { CPUWords(metric: input.history.cpuMetric) }

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard let moment = input.moment else { return }
        var column = frame.write(words.title, column: area.column, row: area.row, .strong, limit: area.right) + 2
        let machine = machine
        if column + machine.count <= area.right {
            column = frame.write(machine, column: column, row: area.row, .faint)
        }
        let values = (0..<moment.cpus.count).map { moment.cpus[$0] }
        guard values.contains(where: { $0 != nil }) else {
            let text = "nothing is known by CPU here; c shows another metric"
            frame.write(text, column: area.column, row: area.row + 2, limit: area.right)
            return
        }
        let scale = HeatScale(values.compactMap { $0 })
        let body = ViewArea(column: area.column, row: area.row + 2, columns: area.columns, rows: area.rows - 5)
        if values.count <= body.rows {
            list(values, &frame, body)
        } else if let groups = CPUGroups(input.host.topology, count: values.count, body) {
            draw(groups, values, scale, &frame, body)
        } else {
            grid(values, scale, &frame, body)
        }
        if let scale { HeatCells(input.style).legend(scale, words, &frame, area, row: area.bottom - 2) }
        busiest(values, &frame, area)
    }

    /// `192 CPUs: 2 x 12 x 8`; where they are not all alike `192 CPUs, 2 sockets, 96 cores`.
    private var machine: String {
        let host = input.host
        if let shape = host.topology.shape { return "\(Units.amount(host.possibleCPUs, "CPU")): \(shape)" }
        let parts = [(host.sockets, "socket"), (host.numaNodes, "NUMA node"), (host.cores, "core")]
        let known = parts.filter { $0.0 > 0 }.map { Units.amount($0.0, $0.1) }
        return ([Units.amount(host.possibleCPUs, "CPU")] + known).joined(separator: ", ")
    }

    private func isOnline(_ cpu: Int) -> Bool { input.onlineCPUs?.contains(cpu) ?? true }

    private func list(_ values: [Double?], _ frame: inout Frame, _ area: ViewArea) {
        let steps = input.steps(max(0, min(60, area.columns - 24)))
        let past = steps.map { step in
            values.indices.map { cpu in step.compactMap { $0.cpus[cpu] }.max() }
        }
        let scale = HeatScale(past.joined().compactMap { $0 } + values.compactMap { $0 })
        let cells = HeatCells(input.style)
        for (cpu, value) in values.enumerated() {
            let row = area.row + cpu
            frame.write("cpu\(cpu)", column: area.column, row: row)
            let text = isOnline(cpu) ? value.map(words.value) ?? "-" : "offline"
            frame.write(text, column: area.column + 20 - text.count, row: row)
            for (step, known) in past.enumerated() where !steps[step].isEmpty {
                let (character, ink) = cells.cell(known[cpu], scale)
                frame.write(String(character), column: area.column + 22 + step, row: row, ink, limit: area.right)
            }
        }
    }

    private func grid(_ values: [Double?], _ scale: HeatScale?, _ frame: inout Frame, _ area: ViewArea) {
        let cells = HeatCells(input.style)
        let label = "cpu\(values.count - 1)".count + 1
        // Groups of eight with a blank between them.
        let groups = max(1, (area.columns - label + 1) / 9)
        // As few lines as fill the room, in groups that people count in.
        let wanted = [1, 2, 4, 8, 16, 32].last { $0 <= groups } ?? 1
        for (cpu, value) in values.enumerated() {
            let (line, place) = cpu.quotientAndRemainder(dividingBy: wanted * 8)
            guard line < area.rows else {
                let text = "\(Units.amount(values.count - cpu, "CPU")) more: a taller window shows them"
                frame.write(text, column: area.column, row: area.bottom, .faint, limit: area.right)
                return
            }
            if place == 0 { frame.write("cpu\(cpu)", column: area.column, row: area.row + line, .faint) }
            let (character, ink) = cells.cell(value, scale, isOnline: isOnline(cpu))
            let column = area.column + label + place + place / 8
            frame.write(String(character), column: column, row: area.row + line, ink)
        }
    }

    /// A cell for each CPU, those of a cache beside each other, each node with a line of its own that names it.
    private func draw(
        _ groups: CPUGroups, _ values: [Double?], _ scale: HeatScale?, _ frame: inout Frame, _ area: ViewArea
    ) {
        let cells = HeatCells(input.style)
        for title in groups.titles {
            frame.write(title.text, column: area.column, row: area.row + title.line, .faint, limit: area.right)
        }
        for cell in groups.cells {
            let (character, ink) = cells.cell(values[cell.cpu], scale, isOnline: isOnline(cell.cpu))
            frame.write(String(character), column: area.column + cell.column, row: area.row + cell.line, ink)
        }
    }

    private func busiest(_ values: [Double?], _ frame: inout Frame, _ area: ViewArea) {
        let ranked = values.enumerated().compactMap { cpu, value in
            value.flatMap { $0 > 0 ? (cpu: cpu, value: $0) : nil }
        }.sorted { ($1.value, $0.cpu) < ($0.value, $1.cpu) }
        var line = ranked.isEmpty ? "nothing happened on any CPU" : "busiest:"
        for one in ranked.prefix(5) {
            let next = "\(line) cpu\(one.cpu) \(words.value(one.value))" + " "
            guard next.count <= area.columns else { break }
            line = next
        }
        frame.write(line, column: area.column, row: area.bottom - 1, limit: area.right)
    }
}
