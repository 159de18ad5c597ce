import Contention
import Frames
import Scales

/// CPUs over the last minutes as a heat map: a row for each, or for several, of which the greatest counts.
struct CPUHeat {
    let input: ViewInput

    private static let labels = 12

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard area.rows >= 6, let moment = input.moment, moment.cpus.count > 0 else { return }
        let words = CPUWords(metric: input.history.cpuMetric)
        let steps = input.steps(area.columns - CPUHeat.labels)
        let height = area.rows - 2
        let rows = Bins.equal(moment.cpus.count, into: height)
        let folded = rows.first?.count ?? 1
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
