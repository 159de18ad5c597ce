/// Makes a history of the rows of a run, interval by interval.
struct RunHistoryBuilder: Sendable {
    private var history = RunHistory()
    /// Of the interval that goes on, by row: events a second so far; nil where no series is known.
    private var rates = [Double?](repeating: nil, count: CostRow.allCases.count)
    private var longest = [UInt64?](repeating: nil, count: CostRow.allCases.count)
    /// What began or ceased to be measured in it.
    private var changed: [Mode: [SeriesKey]] = [:]
    /// By series: the rows it belongs to.
    private var places: [(counted: Int?, timed: Int?)] = []

    /// Makes room for a series.
    mutating func append(_ key: SeriesKey?) { places.append(key.map(CostRow.places) ?? (nil, nil)) }

    /// Takes what a series gained in an interval.
    mutating func add(_ series: Int, count: UInt64, maximum: UInt64?, over elapsed: UInt64) {
        if let row = places[series].counted {
            rates[row] = (rates[row] ?? 0) + Double(count) * 1e9 / Double(max(1, elapsed))
        }
        if let row = places[series].timed, let maximum, count > 0 { longest[row] = max(longest[row] ?? 0, maximum) }
    }

    /// Takes that a series is measured in another way than before.
    mutating func change(_ key: SeriesKey?, to mode: Mode) {
        if let key { changed[mode, default: []].append(key) }
    }

    /// Ends an interval.
    mutating func close(_ verdict: LockVerdict, step: Int, sequence: Int, realtime: Int64, elapsed: UInt64) {
        while history.steps.count <= step { history.steps.append(RunStep()) }
        history.steps[step].add(verdict, over: elapsed)
        for row in rates.indices {
            history.steps[step].rows[row].rate.add(rates[row], over: elapsed)
            let known = [history.steps[step].rows[row].longest, longest[row]].compactMap { $0 }
            history.steps[step].rows[row].longest = known.max()
            rates[row] = nil
            longest[row] = nil
        }
        guard !changed.isEmpty else { return }
        for mode in Mode.allCases {
            guard let keys = changed[mode], history.changes.count < RunHistory.mostChanges else { continue }
            history.changes.append(
                RunChange(sequence: sequence, step: step, endRealtime: realtime, mode: mode, keys: keys))
        }
        changed = [:]
    }

    /// Two steps become one.
    mutating func halve() {
        history.halve()
        for index in history.changes.indices { history.changes[index].step /= 2 }
    }

    /// The row that a series' durations belong to.
    static func timedRow(_ name: SeriesName) -> Int? { name.key.flatMap { CostRow.places(of: $0).timed } }

    /// Takes durations, when all rows have been added.
    mutating func add(bucket: Int, count: UInt64, row: Int, step: Int) {
        guard (0..<Timeline.steps).contains(step) else { return }
        // The last interval may go on.
        while history.steps.count <= step { history.steps.append(RunStep()) }
        history.steps[step].rows[row].add(bucket: bucket, count: count)
    }

    /// - Parameters:
    ///   - series: with their timelines.
    ///   - steps: nanoseconds of each.
    func finish(_ series: [SeriesTotal], _ steps: [UInt64]) -> RunHistory {
        var history = history
        for (index, total) in series.enumerated() where total.knownElapsed > 0 {
            // The sum of a row's series is none where one that is known at other times is not known.
            for step in history.steps.indices where total.isPartial(step, steps) {
                if let row = places[index].counted { history.steps[step].rows[row].rate = StepValue() }
                if let row = places[index].timed { history.steps[step].rows[row].forgetDurations() }
            }
        }
        return history
    }
}

extension SeriesTotal {
    /// Whether it was not known in all of a step.
    fileprivate func isPartial(_ step: Int, _ steps: [UInt64]) -> Bool {
        guard step < timeline.bases.count else { return true }
        return share == nil && timeline.bases[step] < steps[step]
    }
}
