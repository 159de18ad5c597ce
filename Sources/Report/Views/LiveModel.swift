import Contention
import Frames

/// The live screen's state and what keys do to it: history, what is chosen, and where the intervals come from. No I/O, no clock.
public struct LiveModel: Sendable {
    public private(set) var history: History
    public var state: ViewState
    public var source: ViewSource
    private let host: HostConditions
    private let attachTable: [AttachRow]
    private let method: String
    private let style: FrameStyle

    /// - Parameters:
    ///   - method: how it is measured, in a few words; empty where that is not to be said.
    ///   - budget: bytes that the history may take.
    public init(
        host: HostConditions, attachTable: [AttachRow], method: String, source: ViewSource, style: FrameStyle,
        budget: Int = History.standardBudget
    ) {
        history = History(cpus: host.cpus, budget: budget)
        state = ViewState(metric: history.cpuMetric)
        self.host = host
        self.attachTable = attachTable
        self.method = method
        self.source = source
        self.style = style
    }

    /// What is to be shown.
    public func frame(_ size: FrameSize) -> Frame { LiveScreen.frame(input, size) }

    /// Takes an interval.
    public mutating func append(_ bundle: IntervalBundle) {
        history.append(bundle)
        // A replay reads on only to show what it reads.
        if isLive { state.advance(kept: history.count) }
    }

    /// Forgets everything: a replay begins elsewhere.
    public mutating func restart() {
        var empty = History(cpus: host.cpus)
        empty.keep(byCPU: state.metric)
        history = empty
        state.age = 0
    }

    /// Takes a key.
    /// - Returns: what is asked of those who have the source and the terminal; nil for nothing.
    public mutating func press(_ key: Key, _ size: FrameSize) -> ViewRequest? {
        let request = state.take(key, page: LiveScreen.page(size))
        defer { settle(size) }
        switch request {
        case .reset:
            history.reset()
            state.message = "MAX and the distributions begin anew"
            return nil
        case .keep(let metric):
            history.keep(byCPU: metric)
            return nil
        case .open:
            open()
            return nil
        case .pause(let isPaused):
            state.isPaused = isPaused
            if !isPaused, isLive { state.age = 0 }
            return isLive ? nil : request
        case .step(let step): return move(step)
        default: return request
        }
    }

    /// One interval back or ahead in what is kept.
    /// - Returns: nil where it was kept; else the step that is asked of a replay.
    public mutating func move(_ step: Int) -> ViewRequest? {
        state.isPaused = true
        let age = state.age - step
        guard isLive else { return .step(step) }
        guard age >= 0, age < history.count else {
            state.message = age < 0 ? "this is the latest interval" : "nothing older is kept"
            return nil
        }
        state.age = age
        return nil
    }

    /// Shows the interval before or behind, without a pause.
    /// - Returns: whether it was kept.
    public mutating func show(_ step: Int) -> Bool {
        let age = state.age - step
        guard age >= 0, age < history.count else { return false }
        state.age = age
        return true
    }

    /// The interval that is shown; nil before the first.
    public var shown: Moment? { history[state.age] }
    /// The oldest that is kept.
    public var oldest: Moment? { history[history.count - 1] }

    private var isLive: Bool { if case .live = source { true } else { false } }

    private var input: ViewInput {
        ViewInput(
            history: history, host: host, attachTable: attachTable, method: method, source: source, state: state,
            style: style)
    }

    /// The sites of the chosen row, or of all rows of the chosen lock.
    private mutating func open() {
        guard state.kind == .overview, let line = LiveScreen.line(input) else { return }
        switch line {
        case .row(let row), .site(let row, _): toggle([row])
        case .lock(let lock): toggle(CostRow.allCases.filter { $0.lock == lock })
        }
    }

    private mutating func toggle(_ rows: [CostRow]) {
        if rows.allSatisfy(state.unfolded.contains) {
            state.unfolded.subtract(rows)
        } else {
            state.unfolded.formUnion(rows)
        }
    }

    /// The chosen line is one that there is.
    private mutating func settle(_ size: FrameSize) {
        state.selected = max(0, min(state.selected, LiveScreen.lines(input, size) - 1))
    }
}
