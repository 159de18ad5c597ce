import Contention
import Frames

/// Where the intervals of a live screen come from.
public enum ViewSource: Sendable, Equatable {
    /// Nanoseconds, as asked for.
    case live(interval: UInt64)
    /// Times as fast as it was recorded; negative for backwards.
    case replay(speed: Double, isOver: Bool)
}

/// Everything that a view is a function of, but the size.
public struct ViewInput: Sendable {
    public let history: History
    public let host: HostConditions
    public let attachTable: [AttachRow]
    /// How it is measured, in a few words; empty where that is not to be said.
    public let method: String
    public let source: ViewSource
    public let state: ViewState
    public let style: FrameStyle

    public init(
        history: History, host: HostConditions, attachTable: [AttachRow], method: String, source: ViewSource,
        state: ViewState, style: FrameStyle
    ) {
        self.history = history
        self.host = host
        self.attachTable = attachTable
        self.method = method
        self.source = source
        self.state = state
        self.style = style
    }

    /// What is shown: the latest moment, or one of the past.
    var moment: Moment? { history[state.age] }

    var glyphs: Glyphs { Glyphs(style) }

    /// By the latest interval; nil where it does not tell.
    var onlineCPUs: Set<Int>? {
        guard let levels = history.latest?[SeriesKey(.cpusOnline)]?.byCPU, !levels.isEmpty else { return nil }
        return Set(levels.indices.filter { (levels[$0]?.count ?? 0) > 0 })
    }

    /// The moments up to the one that is shown as so many steps, the oldest first: of narrow lines a step is three intervals, which
    /// stay together when time goes on. A step before the first moment is empty.
    func steps(_ columns: Int) -> [[Moment]] {
        let width = columns < 40 ? 3 : 1
        guard let last = moment.map({ ($0.sequence - 1) / width }) else { return [] }
        var steps = [[Moment]](repeating: [], count: columns)
        for age in state.age..<min(history.count, state.age + columns * width) {
            guard let moment = history[age] else { continue }
            let place = columns - 1 - (last - (moment.sequence - 1) / width)
            if steps.indices.contains(place) { steps[place].insert(moment, at: 0) }
        }
        return steps
    }
}
