import Contention
import Scales

/// The time of a run along the bottom of plots: the clock, and where each step lies.
struct TimeAxis {
    /// Where each step begins, and where the last ends, 0...1.
    let edges: [Double]
    let ticks: [PlotBox.Tick]
    private let start: Int64
    private let lengths: [UInt64]
    private let width: Int

    private static let mostTicks = 5

    init(_ totals: RunTotals) {
        let whole = max(1, totals.steps.reduce(0.0) { $0 + Double($1) })
        var passed = 0.0
        var edges = [0.0]
        for step in totals.steps {
            passed += Double(step)
            edges.append(passed / whole)
        }
        self.edges = edges
        start = totals.startRealtime
        lengths = totals.steps
        width = totals.stepWidth
        let scale = ClockScale(from: start, over: totals.elapsed, atMost: TimeAxis.mostTicks)
        let first = totals.startRealtime
        let elapsed = max(1, Double(totals.elapsed))
        ticks = scale.ticks.map { tick in
            PlotBox.Tick(position: min(1, Double(tick - first) / elapsed), text: TimeAxis.words(tick, scale.step))
        }
    }

    /// `12:04`, `12:04:31`, `12:04:31.5`, `11-28`: as exact as the step is.
    private static func words(_ tick: Int64, _ step: Int64) -> String {
        let second: Int64 = 1_000_000_000
        let digits = step % second == 0 ? 0 : step % (second / 10) == 0 ? 1 : 3
        let text = Timestamp.rfc3339(tick, digits: digits).dropLast()
        if step >= 86_400 * second { return String(text.dropFirst(5).prefix(5)) }
        let clock = text.dropFirst(11)
        return String(step >= 60 * second ? clock.prefix(5) : clock)
    }

    /// When a step begins: `12:04:31Z`.
    func moment(_ step: Int) -> String {
        let passed = lengths.prefix(step).reduce(0.0) { $0 + Double($1) }
        let digits = (lengths.first ?? 0) < 1_000_000_000 ? 1 : 0
        let (moment, overflows) = start.addingReportingOverflow(Int64(min(passed, 4e18)))
        return String(Timestamp.rfc3339(overflows ? .max : moment, digits: digits).dropFirst(11))
    }

    /// What a step is: `each step is 1 interval`, `each step is 32 intervals`.
    var words: String {
        "a step is \(Units.amount(width, "interval")), \(Units.duration(lengths.first ?? 0)); times are UTC"
    }

    /// A line of steps, each as long as it was; what is not known is a gap.
    /// - Parameter values: by step, 0...1 from the bottom.
    func line(_ values: [Double?]) -> String {
        var path = ""
        var isDrawing = false
        for (step, value) in values.enumerated() where step + 1 < edges.count {
            guard let value else {
                isDrawing = false
                continue
            }
            path += isDrawing ? "V\(PlotBox.y(value))" : "M\(x(step)) \(PlotBox.y(value))"
            path += "H\(x(step + 1))"
            isDrawing = true
        }
        return path
    }

    /// The area between two such lines.
    func area(_ lower: [Double], _ upper: [Double?]) -> String {
        var path = ""
        for (step, top) in upper.enumerated() where step + 1 < edges.count {
            guard let top, top > lower[step] else { continue }
            path += "M\(x(step)) \(PlotBox.y(lower[step]))V\(PlotBox.y(top))H\(x(step + 1))V\(PlotBox.y(lower[step]))z"
        }
        return path
    }

    /// Where a step begins, in thousandths.
    func x(_ step: Int) -> String { Markup.coordinate(edges[min(step, edges.count - 1)] * PlotBox.size) }

    /// Lines where something began or ceased to be measured.
    func marks(_ changes: [RunChange]) -> String {
        let steps = Set(changes.map(\.step)).sorted()
        guard !steps.isEmpty else { return "" }
        return "<path class=\"mark\" d=\"\(steps.map { "M\(x($0)) 0V1000" }.joined())\"/>"
    }
}
