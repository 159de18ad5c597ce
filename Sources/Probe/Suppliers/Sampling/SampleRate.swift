/// How often each CPU looks at the locks.
public enum SampleRate: Sendable, Equatable {
    /// `standardHertz` of the machine, where samples are part of what is to be attached.
    case standard
    /// Times a second, one of `allowed`.
    case hertz(Int)
    /// Never.
    case off

    /// What a share is known to depends on the samples of all CPUs together, what they cost on those of each: the more CPUs,
    /// the fewer samples on each (docs/sampling.md). None of the rates keeps step with a clock tick.
    /// - Parameter cpus: online ones.
    public static func standardHertz(cpus: Int) -> Int {
        [499, 397, 293, 199, 149].first { $0 * cpus <= enough } ?? 99
    }

    /// Samples a second, all CPUs together.
    private static let enough = 2400
    public static let allowed = 1...10_000

    /// Times a second; nil for never.
    func hertz(_ choice: AttachChoice, cpus: Int) -> Int? {
        switch self {
        case .standard: choice.samples ? Self.standardHertz(cpus: cpus) : nil
        case .hertz(let hertz): hertz
        case .off: nil
        }
    }
}

extension AttachChoice {
    /// Whether samples are taken where no rate is asked for.
    var samples: Bool {
        switch self {
        case .auto, .sample, .all: true
        case .cold, .function: false
        }
    }
}
