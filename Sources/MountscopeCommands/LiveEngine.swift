import Contention
import Terminal

/// Where the live view is shown.
protocol LiveDisplay: AnyObject {
    /// A new interval; `summary` is everything so far.
    func show(_ interval: Interval, summary: Interval) throws
    /// What the interval that is shown next has by actor.
    func show(records bundle: IntervalBundle) throws
    /// The window has another size.
    func redraw() throws
    /// Makes room for another job; returns when this one is continued.
    func suspend() throws
    /// A key was pressed.
    /// - Returns: what is asked of the source; nil for nothing.
    func press(_ key: Key) throws -> DisplayRequest?
    /// The end; nil where no time has passed.
    func finish(_ summary: Interval?, intervals: Int) throws
}

extension LiveDisplay {
    func show(records bundle: IntervalBundle) {}
}

/// What a display asks of the source of its intervals.
enum DisplayRequest: Equatable {
    case quit
    /// Nanoseconds.
    case interval(UInt64)
    /// Of a replay alone: how fast, the other direction, to stand still, and one interval back or ahead.
    case speed(Double)
    case turn
    case pause(Bool)
    case step(Int)
}

/// Shows intervals until the planned duration is over, a signal asks to end, or nobody reads any more.
struct LiveEngine {
    private var source: any IntervalSource
    private let display: any LiveDisplay

    init(_ source: any IntervalSource, display: any LiveDisplay) {
        self.source = source
        self.display = display
    }

    /// - Throws: what the source, the waiter or the display throws; `OutputError.closed` when nobody reads.
    mutating func run() throws {
        while true {
            switch try source.next() {
            case .interval(let bundle):
                try show(bundle)
            case .over:
                if let last = try source.finish() { try show(last) }
                return try display.finish(source.summary, intervals: source.count)
            case .news(.stop):
                return try end()
            case .news(.windowChanged):
                try display.redraw()
            case .news(.suspend):
                try display.suspend()
            case .news(.outputClosed):
                throw OutputError.closed
            case .news(.key(let key)):
                switch try display.press(key) {
                case .quit: return try end()
                case .interval(let interval): source.use(interval: interval)
                case .speed, .turn, .pause, .step, nil: break
                }
            case .news(.childChanged), .news(.deadline):
                break
            }
        }
    }

    /// What was cut short is part of the summary only.
    private mutating func end() throws {
        _ = try source.finish()
        try display.finish(source.summary, intervals: source.count)
    }

    private func show(_ bundle: IntervalBundle) throws {
        guard let summary = source.summary else { return }
        try display.show(records: bundle)
        try display.show(bundle.interval, summary: summary)
    }
}
