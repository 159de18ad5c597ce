import Contention
import Scales

/// What happened over time: each plot answers one question in one unit. A strong line is the mean of each step (or P99 of the
/// durations in it), a thin one its greatest interval (or the longest).
struct HistoryPlots {
    let totals: RunTotals
    /// The greatest values that the axes must reach; those of other runs where several stand side by side.
    let limits: HistoryLimits
    /// What titles begin with, where several runs stand side by side.
    private let prefix: String
    private let axis: TimeAxis

    init(_ totals: RunTotals, limits: HistoryLimits, prefix: String = "") {
        self.prefix = prefix
        self.totals = totals
        self.limits = limits
        axis = TimeAxis(totals)
    }

    /// The plots of which something is known and happened.
    var figures: [String] { questions.compactMap { $0 } }

    /// A plot for each question, nil where there is nothing to show: several runs have them in the same order.
    var questions: [String?] {
        var figures: [String?] = [lost, waiting(.namespaceSem), waiting(.mountLock)]
        for lock in [Subject.mountLock, .namespaceSem] { figures.append(latencies(lock)) }
        for lock in [Subject.mountLock, .namespaceSem] { figures.append(rates(lock)) }
        return figures
    }

    private var steps: [RunStep] { totals.history.steps }

    private func waiting(_ lock: Subject) -> String? {
        let title = "Tasks that \(lock == .mountLock ? "sleep" : "wait") for \(lock.rawValue)"
        let values = steps.map { lock == .mountLock ? $0.sleepers : $0.semaphoreWaiters }
        return tasks(title, values, lock == .mountLock ? "sleepers" : "waiters")
    }

    /// Spin, wait and walk again, stacked.
    private var lost: String? {
        guard let scale = limits.lost.map({ RoundAxis(upTo: $0) }),
            steps.contains(where: { ($0.lost.maximum ?? 0) > 0 })
        else { return nil }
        let parts: [(CostRow, String, [StepValue])] = [
            (.readerSpins, "spin", steps.map(\.spinning)), (.lockWaits, "wait", steps.map(\.waiting)),
            (.walksAgain, "walk again", steps.map(\.walkingAgain)),
        ]
        var drawing = ""
        var floor = [Double](repeating: 0, count: steps.count)
        var entries: [LegendEntry] = []
        for (row, name, values) in parts {
            let tops = zip(floor, values).map { below, value in value.mean.map { below + $0 } }
            let path = axis.area(floor.map(scale.position), tops.map { $0.map(scale.position) })
            if !path.isEmpty { drawing += "<path class=\"area c\(row.place)\" d=\"\(path)\"/>" }
            floor = zip(floor, tops).map { $1 ?? $0 }
            entries.append(
                LegendEntry(colour: "c\(row.place)", name: name, numbers: numbers(values, HistoryPlots.cpus)))
        }
        let all = steps.map(\.lost)
        drawing += path("thin", all.map(\.maximum), scale.position)
        entries.append(
            LegendEntry(colour: "ink", name: "all, greatest interval", numbers: numbers(all, HistoryPlots.cpus)))
        return box(
            "CPUs lost to mount_lock", "CPUs; mean of each step stacked, line: greatest", scale, HistoryPlots.cpus,
            drawing,
            entries)
    }

    private func tasks(_ title: String, _ values: [StepValue], _ colour: String) -> String? {
        guard values.contains(where: { ($0.maximum ?? 0) > 0 }), let limit = limits.tasks else { return nil }
        let scale = RoundAxis(upTo: limit)
        let drawing =
            path("thin \(colour)", values.map(\.maximum), scale.position)
            + path("line \(colour)", values.map(\.mean), scale.position)
        let entry = LegendEntry(colour: colour, name: "tasks", numbers: numbers(values, HistoryPlots.cpus))
        return box(title, "tasks; mean, thin: greatest", scale, HistoryPlots.cpus, drawing, [entry])
    }

    private func latencies(_ lock: Subject) -> String? {
        guard let scale = limits.durations else { return nil }
        var drawing = ""
        var entries: [LegendEntry] = []
        for row in CostRow.allCases where row.lock == lock {
            let p99 = steps.map { step in step[row].p99.map { Double($0) } }
            let longest = steps.map { step in step[row].longest.map { Double($0) } }
            guard let worst = p99.compactMap({ $0 }).max(), let top = longest.compactMap({ $0 }).max() else { continue }
            drawing += path("thin c\(row.place)", longest, scale.position)
            drawing += path("line c\(row.place)", p99, scale.position)
            let moment = longest.firstIndex(of: top).map(axis.moment) ?? ""
            let words = "P99 up to \(Units.duration(worst)), longest \(Units.duration(top)) at \(moment)"
            entries.append(LegendEntry(colour: "c\(row.place)", name: row.rawValue, numbers: words))
        }
        guard !entries.isEmpty else { return nil }
        return box(
            "How long, \(lock.rawValue)", "time of one; P99 of each step, thin: longest; log", scale,
            HistoryPlots.round, drawing, entries)
    }

    private func rates(_ lock: Subject) -> String? {
        guard let scale = limits.rates else { return nil }
        var drawing = ""
        var entries: [LegendEntry] = []
        for row in CostRow.allCases where row.lock == lock {
            let values = steps.map { $0[row].rate }
            guard values.contains(where: { ($0.maximum ?? 0) > 0 }) else { continue }
            drawing += path("thin c\(row.place)", values.map(\.maximum), scale.position)
            drawing += path("line c\(row.place)", values.map(\.mean), scale.position)
            entries.append(
                LegendEntry(colour: "c\(row.place)", name: row.rawValue, numbers: numbers(values, Units.rate)))
        }
        guard !entries.isEmpty else { return nil }
        return box(
            "How often, \(lock.rawValue)", "events a second; mean, thin: greatest; log", scale,
            { (1..<1e6).contains($0) ? Units.grouped(UInt64($0)) : Units.rate($0) }, drawing, entries)
    }

    private func path(_ classes: String, _ values: [Double?], _ position: (Double) -> Double) -> String {
        let path = axis.line(values.map { $0.map(position) })
        return path.isEmpty ? "" : "<path class=\"\(classes)\" d=\"\(path)\"/>"
    }

    private func box(
        _ title: String, _ unit: String, _ scale: some PlotScale, _ words: (Double) -> String, _ drawing: String,
        _ entries: [LegendEntry]
    ) -> String {
        var box = PlotBox(
            title: prefix + title, unit: unit,
            label: "\(prefix)\(title) over time. " + entries.map { "\($0.name): \($0.numbers)" }.joined(separator: ". ")
        )
        box.yTicks = scale.marks.map { PlotBox.Tick(position: scale.position($0), text: words($0)) }
        box.xTicks = axis.ticks
        box.drawing = drawing + axis.marks(totals.history.changes)
        box.legend = LegendEntry.list(entries)
        return box.figure
    }

    /// `mean 0.13, at most 0.52 at 12:04:31Z`
    private func numbers(_ values: [StepValue], _ words: (Double) -> String) -> String {
        var all = StepValue()
        for value in values { all.add(value) }
        guard let mean = all.mean, let greatest = all.maximum else { return "not known" }
        guard greatest > 0 else { return "none" }
        let moment = values.firstIndex { $0.maximum == greatest }.map(axis.moment) ?? ""
        return "mean \(words(mean)), at most \(words(greatest)) at \(moment)"
    }

    /// A power of ten: `1 us`, `10 ms`.
    private static func round(_ nanoseconds: Double) -> String { Units.round(UInt64(min(nanoseconds, 1e19))) }

    /// A number of CPUs or tasks.
    private static func cpus(_ value: Double) -> String { value == 0 ? "0" : VerdictWords.few(Amount(value)) }
}

/// What the axes of history plots must reach.
struct HistoryLimits {
    let lost: Double?
    let tasks: Double?
    let durations: DecadeScale?
    let rates: DecadeScale?

    /// The least power of ten of events a second that is told apart from less.
    private static let leastRate = -2

    /// - Parameter runs: those that stand side by side.
    init(_ runs: [RunTotals]) {
        let steps = runs.flatMap(\.history.steps)
        func greatest(_ values: [StepValue]) -> Double? { values.compactMap(\.maximum).max() }
        lost = greatest(steps.map(\.lost))
        tasks = greatest(steps.map(\.semaphoreWaiters) + steps.map(\.sleepers))
        let rows = steps.flatMap { step in CostRow.allCases.map { step[$0] } }
        var durations: [Double] = []
        for row in rows { durations += [row.p99, row.longest].compactMap { $0.map { Double($0) } } }
        self.durations = DecadeScale(durations)
        var rates: [Double] = []
        for row in rows { rates += [row.rate.mean, row.rate.maximum].compactMap { $0 } }
        self.rates = DecadeScale(rates, from: HistoryLimits.leastRate)
    }
}

/// A scale with marks, of whatever kind.
protocol PlotScale {
    var marks: [Double] { get }
    func position(_ value: Double) -> Double
}

extension RoundAxis: PlotScale { var marks: [Double] { ticks } }
extension DecadeScale: PlotScale { var marks: [Double] { edges(atMost: 5) } }
