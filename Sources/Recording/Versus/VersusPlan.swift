/// Two commands, and how often they are run.
public struct VersusPlan: Sendable {
    /// One of the two.
    public enum Side: String, Sendable, CaseIterable {
        case old, new
    }

    /// What the shell is given, by side.
    public let commands: [Side: String]
    /// Runs of each.
    public let runs: Int
    /// Runs of each that are made first and not counted.
    public let warmups: Int
    /// What the shell is given before each run, unmeasured; nil for nothing.
    public let prepare: String?
    /// Whether a command that fails is compared all the same.
    public let ignoresFailure: Bool
    /// The side of each run.
    public let order: [Side]

    /// - Parameter order: for each run whether it is NEW's; as many of either.
    public init(
        old: String, new: String, warmups: Int, prepare: String?, ignoresFailure: Bool, order: [Bool]
    ) {
        commands = [.old: old, .new: new]
        self.order = order.map { $0 ? .new : .old }
        runs = order.count / 2
        self.warmups = warmups
        self.prepare = prepare
        self.ignoresFailure = ignoresFailure
    }

    /// The text of a side's command.
    public func command(_ side: Side) -> String { commands[side] ?? "" }

    /// How a shell is called with it.
    public static func shell(_ text: String) -> [String] { ["sh", "-c", text] }

    /// What a run's folder is called: `old-3`.
    public static func name(_ side: Side, _ number: Int) -> String { "\(side.rawValue)-\(number)" }

    /// Of each run in order: its side, and its number among those of its side, from 1 on.
    public var numbered: [(side: Side, number: Int)] {
        var counts: [Side: Int] = [:]
        return order.map { side in
            counts[side, default: 0] += 1
            return (side, counts[side] ?? 0)
        }
    }
}
