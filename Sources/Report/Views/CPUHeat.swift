import Contention
import Frames

/// CPUs over the last minutes as a heat map: a row for each, or for several, of which the greatest counts.
struct CPUHeat {
    let input: ViewInput

    private static let labels = 12

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard area.rows >= 6, let moment = input.moment, moment.cpus.count > 0 else { return }
        let words = CPUWords(metric: input.history.cpuMetric)
        let steps = input.steps(area.columns - CPUHeat.labels)
        let height = area.rows - 2
        let folded = (moment.cpus.count + height - 1) / height
        let rows = stride(from: 0, to: moment.cpus.count, by: folded).map { $0..<min(moment.cpus.count, $0 + folded) }
        let values = rows.map { row in
            steps.map { step in step.flatMap { moment in row.compactMap { moment.cpus[$0] } }.max() }
        }
        let each = folded > 1 ? ", the greatest of \(folded) CPUs" : ""
        frame.write("\(words.title)\(each)", column: area.column, row: area.row, .strong, limit: area.right)
        let scale = HeatScale(values.joined().compactMap { $0 })
        let cells = HeatCells(input.style)
        for (line, row) in rows.enumerated() {
            let name = row.count == 1 ? "cpu\(row.lowerBound)" : "cpu\(row.lowerBound)-\(row.upperBound - 1)"
            frame.write(name, column: area.column, row: area.row + 1 + line, .faint)
            for (step, value) in values[line].enumerated() {
                let (character, ink) = cells.cell(value, scale)
                let column = area.column + CPUHeat.labels + step
                frame.write(String(character), column: column, row: area.row + 1 + line, ink)
            }
        }
        if let scale { cells.legend(scale, words, &frame, area, row: area.bottom - 1) }
    }
}
