import ArgumentParser
import Contention
import Recording
import SystemCalls

/// Options for showing a recorded run instead of this machine.
struct ReplayArguments: ParsableArguments {
    @Option(
        name: .customLong("replay"),
        help: ArgumentHelp("Show a recorded run as it went instead of this machine; needs no root.", valueName: "run"),
        completion: .directory)
    var path: String?
    @Option(
        parsing: .unconditional, help: "With --replay: how many times as fast (0.001 to 1000000), or max.",
        transform: ReplayArguments.parseSpeed)
    var speed: Speed?

    enum Speed: Equatable {
        case times(Double)
        case maximum
    }

    func validate() throws {
        try refuseEmpty(path, "--replay")
        if speed != nil, path == nil { throw ValidationError("--speed needs --replay") }
    }

    static func parseSpeed(_ text: String) throws -> Speed {
        if text == "max" { return .maximum }
        guard let value = Double(text), value >= 0.001, value <= 1e6 else {
            throw ValidationError("\"\(text)\" is no speed; write a number from 0.001 to 1000000, or max")
        }
        return .times(value)
    }

    /// Times as fast as it was; nil for as fast as possible.
    var times: Double? {
        switch speed ?? .times(1) {
        case .times(let times): times
        case .maximum: nil
        }
    }

    /// What `max` is where somebody looks.
    static let fastest = 1e6

    /// The run that was asked for; nil where none was.
    /// - Parameters:
    ///   - window: the part that is shown.
    ///   - speed: times as fast as it was; nil for as fast as possible.
    /// - Throws: `RunReadError`.
    func start(_ waiter: any Waiter, _ window: RunWindow, speed: Double?) throws -> Replay? {
        guard let path else { return nil }
        let run = try RunReader(path).run
        try RunInputs([path]).checkStandardOutput()
        return try Replay(run, window: window, speed: speed, waiter: waiter, clock: Clocks.monotonic)
    }
}
