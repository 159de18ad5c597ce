/// A program that is attached: how often it ran so far, and what it is.
struct AttachedProgram: Equatable {
    enum Kind: Equatable {
        case kprobe
        /// fentry and fexit of functions that path walks call.
        case tracing
        /// Others that cost as much: around system calls, and on tracepoints.
        case call
        /// Nanoseconds that a run costs.
        case timer(price: UInt64)
    }

    let name: String
    let kind: Kind
    let hits: UInt64
    /// Programs that count nonsense without one another have the same.
    let group: String

    /// - Parameter group: nil for a program that can be spared alone.
    init(name: String, kind: Kind, hits: UInt64, group: String? = nil) {
        self.name = name
        self.kind = kind
        self.hits = hits
        self.group = group ?? name
    }

    var isTimer: Bool { if case .timer = kind { true } else { false } }
}

/// How many events a supplier lost for one cause.
enum LossCount: Equatable {
    /// It has nothing that could lose any so.
    case none
    /// The kernel does not count them.
    case uncounted
    case count(UInt64)
}

/// How much is attached.
struct AttachedPoints: Equatable {
    var kprobes = 0
    /// fentry and fexit.
    var traced = 0
    var tracepoints = 0
    /// Samples a second on each CPU.
    var hertz: Int?

    static func + (left: AttachedPoints, right: AttachedPoints) -> AttachedPoints {
        AttachedPoints(
            kprobes: left.kprobes + right.kprobes, traced: left.traced + right.traced,
            tracepoints: left.tracepoints + right.tracepoints, hertz: left.hertz ?? right.hertz)
    }

    /// `163 kprobes, 2 fentry and fexit, samples at 499 Hz`
    var words: String {
        let parts = [
            kprobes > 0 ? "\(kprobes) \(kprobes == 1 ? "kprobe" : "kprobes")" : nil,
            traced > 0 ? "\(traced) fentry and fexit" : nil,
            tracepoints > 0 ? "\(tracepoints) tracepoints" : nil,
            hertz.map { "samples at \($0) Hz" },
        ].compactMap { $0 }
        return parts.isEmpty ? "no probe" : parts.joined(separator: ", ")
    }
}
