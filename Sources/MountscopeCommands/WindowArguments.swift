import ArgumentParser
import Recording

/// Options for a part of a recorded run.
struct WindowArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Begin there: a time since the run's start (90s, 5m), a time of day (12:04, UTC) or 2026-11-27T12:04:31Z.",
            valueName: "time"), transform: WindowArguments.parse)
    var from: RunWindow.Bound?
    @Option(
        parsing: .unconditional, help: ArgumentHelp("End there, written in the same ways.", valueName: "time"),
        transform: WindowArguments.parse)
    var until: RunWindow.Bound?

    /// What was asked for.
    var window: RunWindow { RunWindow(from: from, until: until) }

    static func parse(_ text: String) throws -> RunWindow.Bound {
        if let clock = RunWindow.clock(text) { return clock }
        do { return .offset(try DurationArgument.parse(text).nanoseconds) } catch {
            throw ValidationError(
                "\"\(text)\" is no moment; write a time since the start (90s, 5m), a time of day (12:04:31) or "
                    + "2026-11-27T12:04:31Z")
        }
    }
}
