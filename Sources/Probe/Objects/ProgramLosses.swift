import Contention

/// Runs that programs of one supplier missed, as far as the kernel counts them.
struct ProgramLosses {
    /// Whom to ask.
    struct Source {
        let programs: [String]
        /// Those of them that are kprobes.
        let kprobes: [String]
        /// Runs skipped because the program was running already; nil where the kernel does not count them. Of a kprobe it
        /// counts them where it tells what that missed: it began with both at once.
        let recursionMisses: (String) -> UInt64?
        /// Hits that kprobes missed; nil where the kernel does not count them.
        let missedKprobes: (String) -> UInt64?
    }

    private let source: Source
    private let kprobes: Set<String>
    private var recursion: [String: UInt64] = [:]
    private var missed: [String: UInt64] = [:]

    init(_ source: Source) {
        self.source = source
        kprobes = Set(source.kprobes)
    }

    init(_ object: (any LoadedObject)?, programs: [String] = [], kprobes: [String] = []) {
        self.init(
            Source(
                programs: programs, kprobes: kprobes, recursionMisses: { object?.recursionMisses($0) },
                missedKprobes: { object?.missedKprobes($0) }))
    }

    /// Asks the kernel. What was missed of probes that are gone since stays.
    mutating func refresh() {
        for program in source.kprobes { Self.raise(&missed[program], source.missedKprobes(program)) }
        for program in source.programs where !kprobes.contains(program) || missed[program] != nil {
            Self.raise(&recursion[program], source.recursionMisses(program))
        }
    }

    private static func raise(_ known: inout UInt64?, _ now: UInt64?) {
        guard let now else { return }
        known = max(known ?? 0, now)
    }

    /// Of these programs together; those that the kernel does not count are none.
    func lost(_ programs: [String]) -> UInt64 {
        programs.reduce(0) { $0 + (recursion[$1] ?? 0) + (missed[$1] ?? 0) }
    }

    /// Of all programs, of one of the two causes; uncounted where the kernel does not count those of each.
    func lost(_ cause: LossCause) -> LossCount {
        let (asked, counts) = cause == .recursion ? (source.programs, recursion) : (source.kprobes, missed)
        guard !asked.isEmpty else { return .none }
        return counts.count < Set(asked).count ? .uncounted : .count(counts.values.reduce(0, +))
    }
}
