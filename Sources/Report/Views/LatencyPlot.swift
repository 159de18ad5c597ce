import Contention
import Frames
import Scales

/// P99 of holds and waits over time, by the logarithm.
struct LatencyPlot {
    let input: ViewInput

    private static let labels = 8
    private static let rows: [(CostRow, Character, String)] = [
        (.writeSections, "w", "write hold"), (.lockWaits, "l", "lock wait"), (.tablePages, "p", "page hold"),
        (.writers, "m", "mount hold"), (.writerWaits, "q", "mount wait"),
    ]

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard area.rows >= 5, area.columns >= 30 else { return }
        let steps = input.steps(area.columns - LatencyPlot.labels)
        let values = LatencyPlot.rows.map { row, _, _ in
            steps.map { step in step.compactMap { $0[row].p99 }.max().map { Double($0) } }
        }
        legend(values, &frame, area)
        let height = area.rows - 1
        guard let scale = DecadeScale(values.joined().compactMap { $0 }) else { return }
        axis(scale, height, &frame, area)
        for (index, series) in values.enumerated() {
            for (step, value) in series.enumerated() {
                guard let value else { continue }
                let line = height - 1 - scale.line(value, of: height)
                frame.write(
                    String(LatencyPlot.rows[index].1), column: area.column + LatencyPlot.labels + step,
                    row: area.row + 1 + line, .part(index))
            }
        }
    }

    private func legend(_ values: [[Double?]], _ frame: inout Frame, _ area: ViewArea) {
        var column = frame.write("P99", column: area.column, row: area.row, .strong) + 2
        for (index, row) in LatencyPlot.rows.enumerated() where values[index].contains(where: { $0 != nil }) {
            guard column + row.2.count + 2 <= area.right else { return }
            column = frame.write(String(row.1), column: column, row: area.row, .part(index)) + 1
            column = frame.write(row.2, column: column, row: area.row) + 2
        }
    }

    private func axis(_ scale: DecadeScale, _ height: Int, _ frame: inout Frame, _ area: ViewArea) {
        for edge in scale.edges {
            let row = area.row + 1 + height - 1 - scale.line(edge, of: height)
            let text = Units.duration(edge)
            frame.write(text, column: area.column + LatencyPlot.labels - 1 - text.count, row: row, .faint)
            for column in area.column + LatencyPlot.labels..<area.right {
                frame.write(String(input.glyphs.dot), column: column, row: row, .faint)
            }
        }
    }
}
