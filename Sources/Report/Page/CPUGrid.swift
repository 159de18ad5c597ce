import Contention

/// What happened on each CPU over time: for each metric a value by CPU and by the steps of the run's timelines.
///
/// Filled row by row in a second pass over a run, when it is known how long the run is.
public struct CPUGrid: Sendable {
    /// A metric's cells; events, nanoseconds or parts over what they are to be divided by.
    struct Layer: Sendable {
        let metric: Metric
        /// By CPU and step; no steps for a CPU without rows.
        var sums: [[Double]] = []
        var bases: [[Double]] = []

        /// By CPU: the interval that was added last.
        var latest: [Int] = []

        /// Events a second, time over time, or a share; nil where nothing is known.
        func value(cpu: Int, step: Int) -> Double? {
            guard sums.indices.contains(cpu), sums[cpu].indices.contains(step), bases[cpu][step] > 0 else { return nil }
            return sums[cpu][step] / (CPUGrid.isEvents(metric) ? bases[cpu][step] / 1e9 : bases[cpu][step])
        }

        mutating func makeRoom(_ cpu: Int, _ base: [Double]) {
            while sums.count <= cpu {
                sums.append([])
                bases.append([])
                latest.append(0)
            }
            guard sums[cpu].isEmpty else { return }
            sums[cpu] = Array(repeating: 0, count: base.count)
            bases[cpu] = base
        }
    }

    private(set) var layers: [Layer]
    /// By the number of a series: its layer, -1 for none; nil while it is not looked up.
    private var layerOfSeries: [Int?] = []
    private let steps: [UInt64]
    private let isSparse: Bool
    /// Intervals a step.
    private let stepWidth: Int

    /// - Parameters:
    ///   - totals: of the same run.
    ///   - isSparse: whether rows are left out where nothing happened.
    public init(_ totals: RunTotals, isSparse: Bool) {
        // A row that is not there says nothing of how many samples there were.
        let metrics = Metric.allCases.filter { $0.row.isMapped && !(isSparse && CPUGrid.isShare($0)) }
        layers = metrics.map { Layer(metric: $0) }
        steps = totals.steps
        self.isSparse = isSparse
        var width = 1
        while (totals.intervals + width - 1) / width > Timeline.steps { width *= 2 }
        stepWidth = width
    }

    /// Adds a row; those of the machine and of other metrics are passed over.
    public mutating func add(_ record: IntervalRecord, _ name: @autoclosure () -> SeriesName) {
        guard let cpu = record.cpu, let count = record.count else { return }
        let index = layer(record.series, name)
        let step = (record.sequence - 1) / stepWidth
        guard index >= 0, steps.indices.contains(step) else { return }
        let metric = layers[index].metric
        layers[index].makeRoom(cpu, isSparse ? steps.map { Double($0) } : Array(repeating: 0, count: steps.count))
        layers[index].sums[cpu][step] += Double(CPUGrid.isTime(metric) ? record.nanoseconds ?? 0 : count)
        // Sites share the interval, and its samples: they count once.
        guard !isSparse, layers[index].latest[cpu] != record.sequence else { return }
        layers[index].latest[cpu] = record.sequence
        layers[index].bases[cpu][step] += Double(CPUGrid.isShare(metric) ? record.whole ?? 0 : record.elapsed)
    }

    private mutating func layer(_ series: Int, _ name: () -> SeriesName) -> Int {
        while layerOfSeries.count <= series { layerOfSeries.append(nil) }
        if let known = layerOfSeries[series] { return known }
        let name = name()
        let metric = Metric(lock: name.lock, name: name.metric)
        let found = layers.firstIndex { $0.metric == metric } ?? -1
        layerOfSeries[series] = found
        return found
    }

    /// Whether its value is time on the CPU, not events.
    static func isTime(_ metric: Metric) -> Bool { metric.kind.view.isTime }

    /// Whether its value is events a second.
    static func isEvents(_ metric: Metric) -> Bool { !isTime(metric) && !isShare(metric) }

    private static func isShare(_ metric: Metric) -> Bool { metric.kind.view == .share }
}
