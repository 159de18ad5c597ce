import Contention
import Terminal

/// Where the live view is shown.
protocol LiveDisplay: AnyObject {
    /// A new interval; `summary` is everything so far.
    func show(_ interval: Interval, summary: Interval) throws
    /// What the interval that was shown has by actor.
    func show(records bundle: IntervalBundle) throws
    /// The window has another size.
    func redraw() throws
    /// Makes room for another job; returns when this one is continued.
    func suspend() throws
    /// The end; nil where no time has passed.
    func finish(_ summary: Interval?, intervals: Int) throws
}

extension LiveDisplay {
    func show(records bundle: IntervalBundle) {}
}

/// Shows intervals until the planned duration is over, a signal asks to end, or nobody reads any more.
struct LiveEngine {
    private var source: any IntervalSource
    private let display: any LiveDisplay
    private static let quitKey = UInt8(ascii: "q")

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
            case .news(.stop), .news(.key(LiveEngine.quitKey)):
                // What the signal cut short is part of the summary only.
                _ = try source.finish()
                return try display.finish(source.summary, intervals: source.count)
            case .news(.windowChanged):
                try display.redraw()
            case .news(.suspend):
                try display.suspend()
            case .news(.outputClosed):
                throw OutputError.closed
            case .news(.key), .news(.childChanged), .news(.deadline):
                break
            }
        }
    }

    private func show(_ bundle: IntervalBundle) throws {
        guard let summary = source.summary else { return }
        try display.show(bundle.interval, summary: summary)
        try display.show(records: bundle)
    }
}
