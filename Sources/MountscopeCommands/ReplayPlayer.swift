import Contention
import Recording
import SystemCalls
import Terminal

/// Plays a recorded run on a screen: forwards, backwards, at any speed, with the keys of the live view.
///
/// What the screen's history has is shown from there; what it no longer has, or not yet, is read from the run.
struct ReplayPlayer {
    private var replay: Replay
    /// Of the same run from its beginning.
    private let restart: () throws -> Replay
    private let display: ScreenDisplay
    private var waiter: any Waiter
    private let clock: @Sendable () -> UInt64
    /// Times as fast as it was recorded.
    private var speed: Double
    private var isBackwards = false
    private var isHeld = false
    /// CLOCK_MONOTONIC of the next step, nanoseconds.
    private var nextStep: UInt64
    private var lastFrame: UInt64 = 0
    /// Nanoseconds: 25 frames a second.
    private static let shortestFrame: UInt64 = 40_000_000

    /// - Parameters:
    ///   - restart: gives a replay without a pace of its own, from the run's beginning.
    ///   - speed: times as fast as it was recorded.
    /// - Throws: what `restart` throws.
    init(
        _ display: ScreenDisplay, speed: Double, waiter: any Waiter, clock: @escaping @Sendable () -> UInt64,
        restart: @escaping () throws -> Replay
    ) throws {
        replay = try restart()
        self.restart = restart
        self.display = display
        self.waiter = waiter
        self.clock = clock
        self.speed = speed
        nextStep = clock()
    }

    /// Until somebody ends it: at the end of the run the last interval stays.
    /// - Throws: `RunReadError`, or what the terminal throws.
    mutating func run() throws {
        while true {
            switch try waiter.wait(until: isHeld ? .max : nextStep) {
            case .deadline: try step(isBackwards ? -1 : 1)
            case .stop: return try end()
            case .windowChanged: try display.redraw()
            case .suspend: try display.suspend()
            case .outputClosed: throw OutputError.closed
            case .childChanged: break
            case .key(let key):
                guard try act(on: display.press(key)) else { return try end() }
            }
        }
    }

    /// - Returns: false to end.
    private mutating func act(on request: DisplayRequest?) throws -> Bool {
        switch request {
        case .quit: return false
        case .speed(let speed):
            self.speed = speed
            schedule()
        case .turn:
            isBackwards.toggle()
            hold(false)
        case .pause(let isPaused): hold(isPaused)
        case .step(let step):
            isHeld = true
            try self.step(step, isSingle: true)
        case .interval, nil: break
        }
        return true
    }

    private func end() throws { try display.finish(replay.summary, intervals: replay.count) }

    private mutating func hold(_ isHeld: Bool) {
        self.isHeld = isHeld
        display.model.state.isPaused = isHeld
        schedule()
    }

    /// The next step comes after as long as the interval that is shown took.
    private mutating func schedule() {
        let elapsed = display.model.shown?.elapsed ?? replay.run.description.plan.interval
        nextStep = clock() &+ UInt64(min(Double(elapsed) / speed, 4e18))
    }

    private mutating func step(_ step: Int, isSingle: Bool = false) throws {
        if display.model.show(step) {
            // It was kept.
        } else if step > 0 {
            try ahead()
        } else {
            try back()
        }
        display.model.state.isPaused = isHeld
        schedule()
        // Nobody sees more frames a second.
        guard isSingle || isHeld || clock() &- lastFrame >= ReplayPlayer.shortestFrame else { return }
        lastFrame = clock()
        try display.draw()
    }

    private mutating func ahead() throws {
        guard case .interval(let bundle) = try replay.next() else {
            isHeld = true
            display.model.source = .replay(speed: isBackwards ? -speed : speed, isOver: true)
            return
        }
        display.model.source = .replay(speed: isBackwards ? -speed : speed, isOver: false)
        display.model.append(bundle)
    }

    /// The interval before the oldest that is kept, read again from the beginning.
    private mutating func back() throws {
        guard let oldest = display.model.oldest, oldest.sequence > 1 else {
            isHeld = true
            isBackwards = false
            display.model.state.message = "this is the first interval"
            display.model.source = .replay(speed: speed, isOver: false)
            return
        }
        replay = try restart()
        display.model.restart()
        while replay.count < oldest.sequence - 1, case .interval(let bundle) = try replay.next() {
            display.model.append(bundle)
        }
    }
}

/// Waits for nothing: for a replay that somebody else gives its pace.
struct Unhurried: Waiter {
    func wait(until deadline: UInt64) -> Wakeup { .deadline }
}
