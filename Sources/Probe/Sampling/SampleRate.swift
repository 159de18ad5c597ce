/// How often each CPU looks at the locks.
public enum SampleRate: Sendable, Equatable {
    /// `standardHertz`, where samples are part of what is to be attached.
    case standard
    /// Times a second, one of `allowed`.
    case hertz(Int)
    /// Never.
    case off

    /// Chosen by what it costs: docs/sampling.md.
    public static let standardHertz = 499
    public static let allowed = 1...10_000

    /// Times a second; nil for never.
    func hertz(_ choice: AttachChoice) -> Int? {
        switch self {
        case .standard: choice.samples ? Self.standardHertz : nil
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
