import Contention
import Frames
import Report
import Terminal

/// The live view on a full screen; the summary goes to the normal screen.
final class ScreenDisplay: LiveDisplay {
    private let report: LiveReport
    private let output: Output
    private let screen: Screen
    /// What is shown.
    var model: LiveModel

    /// Lengths of intervals that + and - go through, nanoseconds.
    static let intervals: [UInt64] = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000].map { $0 * 1_000_000 }
    /// Speeds of a replay that + and - go through.
    static let speeds: [Double] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000]

    init(_ model: LiveModel, _ report: LiveReport, _ output: Output, _ style: FrameStyle) throws {
        self.model = model
        self.report = report
        self.output = output
        screen = try Screen(output: output, colours: style.colours)
        try draw()
    }

    func show(records bundle: IntervalBundle) { model.append(bundle) }

    func show(_ interval: Interval, summary: Interval) throws { try draw() }

    /// Shows what the model has.
    func draw() throws { try screen.draw(model.frame(screen.size)) }

    func redraw() throws {
        screen.forget()
        try draw()
    }

    func suspend() throws {
        try screen.suspend()
        try redraw()
    }

    func press(_ key: Key) throws -> DisplayRequest? {
        let request = model.press(key, screen.size)
        let asked = try act(on: request)
        if asked != .quit { try draw() }
        return asked
    }

    func finish(_ summary: Interval?, intervals: Int) throws {
        try screen.leave()
        guard let summary else { return }
        try output.write(report.summary(summary, intervals: intervals, width: output.columns))
    }

    private func act(on request: ViewRequest?) throws -> DisplayRequest? {
        switch request {
        case .quit: return .quit
        case .save: save()
        case .redraw: screen.forget()
        case .slower: return pace(1)
        case .faster: return pace(-1)
        case .turn:
            guard case .replay(let speed, _) = model.source else { return nil }
            model.source = .replay(speed: -speed, isOver: false)
            return .turn
        case .pause(let isPaused): return .pause(isPaused)
        case .step(let step): return .step(step)
        case .reset, .keep, .open, nil: break
        }
        return nil
    }

    /// + is a longer interval, and a faster replay.
    private func pace(_ step: Int) -> DisplayRequest {
        switch model.source {
        case .live(let interval):
            let next = ScreenDisplay.next(ScreenDisplay.intervals, interval, step)
            model.source = .live(interval: next)
            return .interval(next)
        case .replay(let speed, let isOver):
            let next = ScreenDisplay.next(ScreenDisplay.speeds, abs(speed), step)
            model.source = .replay(speed: speed < 0 ? -next : next, isOver: isOver)
            return .speed(next)
        }
    }

    /// The value behind or before the one that is nearest.
    static func next<Value: Comparable>(_ values: [Value], _ value: Value, _ step: Int) -> Value {
        step > 0 ? values.first { $0 > value } ?? value : values.last { $0 < value } ?? value
    }

    private func save() {
        do {
            model.state.message = "written to \(try FrameFile.write(model.frame(screen.size)))"
        } catch {
            model.state.message = "cannot write the screen: \(error.message)"
        }
    }
}
