/// What happened on each CPU over time: of each metric, CPU and step of a run the mean and the greatest interval.
public struct CPUHistory: Sendable, Equatable {
    /// Those that say something by CPU, in the order of all outputs.
    public private(set) var layers: [CPULayer]
    /// By the number of a series: its layer, -1 for none.
    private var layerOfSeries: [Int] = []
    private let isSparse: Bool

    /// - Parameter isSparse: whether rows are left out where nothing happened.
    init(isSparse: Bool) {
        self.isSparse = isSparse
        // A row that is not there says nothing of how many samples there were.
        layers = CPUMetric.all.filter { !(isSparse && $0.kind.view == .share) }.map { CPULayer($0, isSparse: isSparse) }
    }

    /// Makes room for a series.
    mutating func append(_ key: SeriesKey?) {
        layerOfSeries.append(key.flatMap { key in layers.firstIndex { $0.metric == key.metric } } ?? -1)
    }

    /// Takes a row of a CPU.
    /// - Parameter interval: counts from 1.
    @inline(__always)
    mutating func add(_ record: IntervalRecord, cpu: Int, interval: Int, step: Int) {
        let layer = layerOfSeries[record.series]
        guard layer >= 0 else { return }
        layers[layer].add(record, cpu: cpu, interval: interval, step: step)
    }

    /// Two steps become one.
    mutating func halve() { for index in layers.indices { layers[index].halve() } }

    /// - Parameter steps: nanoseconds of each.
    mutating func finish(_ steps: [UInt64]) { for index in layers.indices { layers[index].finish(steps) } }
}

/// A metric on each CPU over time: events a second, nanoseconds a second, or a share of the CPU's samples.
public struct CPULayer: Sendable, Equatable {
    public let metric: Metric
    private let isSparse: Bool
    private let isTime: Bool
    private let isShare: Bool
    /// CPUs that have rows, ascending only by chance.
    private var places = CPUTable<Int>()
    private var rows: [Row] = []

    /// Of the run's steps, nanoseconds.
    private var lengths: [UInt64] = []

    private struct Row: Sendable, Equatable {
        /// By step, as far as there are rows: events, nanoseconds or parts; what they are to be divided by; the greatest of an
        /// interval, below 0 for none.
        var steps: [Cell] = []
        /// The interval whose sites are being added up, its step, sum and base.
        var interval = 0
        var step = 0
        var sum = 0.0
        var base = 0.0
    }

    private struct Cell: Sendable, Equatable {
        var sum = 0.0
        var base = 0.0
        var maximum = -1.0

        func adding(_ next: Cell) -> Cell {
            Cell(sum: sum + next.sum, base: base + next.base, maximum: max(maximum, next.maximum))
        }
    }

    init(_ metric: Metric, isSparse: Bool) {
        self.metric = metric
        self.isSparse = isSparse
        isTime = metric.kind.view.isTime
        isShare = metric.kind.view == .share
    }

    /// CPUs of which something is known, ascending.
    public var cpus: [Int] { places.map { cpu, _ in cpu } }

    /// Over the step; nil where nothing is known.
    public func mean(_ cpu: Int, _ step: Int) -> Double? {
        cell(cpu, step).map { value($0.sum, $0.base) }
    }

    /// The greatest interval of the step; nil where nothing is known.
    public func maximum(_ cpu: Int, _ step: Int) -> Double? { cell(cpu, step).map { max(0, $0.maximum) } }

    /// Over the whole run; nil where nothing is known.
    public func mean(_ cpu: Int) -> Double? {
        let known = lengths.indices.compactMap { cell(cpu, $0) }
        let all = known.reduce(Cell()) { $0.adding($1) }
        return all.base > 0 ? value(all.sum, all.base) : nil
    }

    /// nil where nothing is known of the CPU in the step.
    private func cell(_ cpu: Int, _ step: Int) -> Cell? {
        guard let row = places[cpu], lengths.indices.contains(step) else { return nil }
        var cell = step < rows[row].steps.count ? rows[row].steps[step] : Cell()
        // Where a row is missing nothing happened.
        if isSparse { cell.base = Double(lengths[step]) }
        return cell.base > 0 ? cell : nil
    }

    private func value(_ sum: Double, _ base: Double) -> Double { isShare ? sum / base : sum * 1e9 / base }

    @inline(__always)
    fileprivate mutating func add(_ record: IntervalRecord, cpu: Int, interval: Int, step: Int) {
        guard let count = record.count else { return }
        var place = rows.count
        places.update(cpu, default: place) { place = $0 }
        if place == rows.count { rows.append(Row()) }
        let value = Double(isTime ? record.nanoseconds ?? 0 : count)
        if rows[place].interval != interval {
            settle(place)
            rows[place].interval = interval
            rows[place].step = step
            rows[place].sum = value
            // Sites share the interval, and its samples: they count once.
            rows[place].base = Double(isShare ? record.whole ?? 0 : record.elapsed)
        } else {
            rows[place].sum += value
        }
    }

    /// The interval of a CPU is over.
    @inline(__always)
    private mutating func settle(_ place: Int) {
        guard rows[place].interval > 0, rows[place].base > 0 else { return }
        let (step, sum, base) = (rows[place].step, rows[place].sum, rows[place].base)
        while rows[place].steps.count <= step { rows[place].steps.append(Cell()) }
        rows[place].steps[step] = rows[place].steps[step].adding(Cell(sum: sum, base: base, maximum: value(sum, base)))
        rows[place].base = 0
    }

    fileprivate mutating func halve() {
        for place in rows.indices {
            settle(place)
            rows[place].step /= 2
            rows[place].steps = halved(rows[place].steps) { $0.adding($1) }
        }
    }

    fileprivate mutating func finish(_ steps: [UInt64]) {
        lengths = steps
        for place in rows.indices { settle(place) }
    }
}
