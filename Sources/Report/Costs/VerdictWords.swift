import Contention

/// A verdict in words.
struct VerdictWords {
    private let verdict: LockVerdict
    /// nil where nobody is to be named.
    private let sheet: CostSheet?
    private let who: WhoSheet?

    /// - Parameter who: nil where processes are not known: then kernel functions are named.
    init(_ verdict: LockVerdict, _ sheet: CostSheet?, who: WhoSheet? = nil) {
        self.who = who
        self.verdict = verdict
        self.sheet = sheet
    }

    /// `STORM`; `UNKNOWN` where nothing is known of either lock.
    var level: String { verdict.level?.rawValue ?? "UNKNOWN" }

    /// Lines that begin with the level, the most important words first; what has no room in so many lines is left out.
    /// - Parameters:
    ///   - width: characters.
    ///   - lines: how many there are at most.
    func lines(width: Int, atMost lines: Int = .max) -> [String] {
        let indent = String(repeating: " ", count: VerdictWords.indent)
        let first = (level + " ").padded(to: VerdictWords.indent)
        var sentences = sentences
        while true {
            let wrapped = sentences.joined(separator: " ").wrapped(to: max(1, width - first.count))
            let text = wrapped.enumerated().map { index, line in
                index == 0 ? first + line : indent + line.drop { $0 == " " }
            }
            if text.count <= lines || sentences.count == 1 { return Array(text.prefix(lines)) }
            sentences.removeLast()
        }
    }

    /// All sentences behind the level.
    var text: String { sentences.joined(separator: " ") }

    /// `BUSY at 12:04:31Z (interval 17): ...`
    static func worst(_ worst: WorstInterval, cpus: Int?) -> String {
        var verdict = worst.verdict
        verdict.cpus = verdict.cpus ?? cpus
        let level = verdict.level?.rawValue ?? "UNKNOWN"
        let time = Timestamp.rfc3339(worst.endRealtime, digits: 0)
        return "\(level) at \(time) (interval \(worst.sequence)): \(VerdictWords(verdict, nil).first)"
    }

    /// `WORST  BUSY at 12:04:31Z (interval 17): ...`
    static func worst(_ worst: WorstInterval, cpus: Int?, width: Int) -> [String] {
        let lines = VerdictWords.worst(worst, cpus: cpus).wrapped(to: max(1, width - indent))
        return lines.enumerated().map { index, line in
            index == 0
                ? "WORST".padded(to: indent) + line : String(repeating: " ", count: indent) + line.drop { $0 == " " }
        }
    }

    /// Of the words behind the level, and of the names of the lines below.
    static let indent = 7

    /// What is lost and who waits.
    var first: String { sentences[0] }

    private var sentences: [String] {
        var sentences = [ends([lost, sleepers, waiters].compactMap { $0 })]
        if let writer { sentences.append(writer) }
        return sentences
    }

    private func ends(_ parts: [String]) -> String {
        parts.isEmpty ? "nothing that would tell is measured." : parts.joined(separator: "; ") + "."
    }

    /// `11.2 of 192 CPUs lost to mount_lock: 8.1 spin, 2.4 wait, ~0.7 walk again`
    private var lost: String? {
        guard let lost = verdict.lost else { return nil }
        let cpus = verdict.cpus.map { " of \(Units.amount($0, "CPU"))" } ?? " CPUs"
        let parts: [(Amount?, String)] = [
            (verdict.spinning, "spin"), (verdict.waiting, "wait"), (verdict.walkingAgain, "walk again"),
        ]
        let known = parts.compactMap { amount, verb in amount.map { "\(VerdictWords.few($0)) \(verb)" } }
        let unknown = parts.filter { $0.0 == nil }.map(\.1)
        let rest = unknown.isEmpty || verdict.sleepers != nil ? "" : " (\(unknown.joined(separator: ", ")) unknown)"
        let how = verdict.isSampled ? " (sampled)" : ""
        return "\(VerdictWords.few(lost))\(cpus) lost to mount_lock\(how): \(known.joined(separator: ", "))\(rest)"
    }

    private var sleepers: String? {
        verdict.sleepers.map { "\(VerdictWords.few($0)) \(VerdictWords.tasks($0)) for mount_lock" }
    }

    private var waiters: String? {
        guard let waiters = verdict.semaphoreWaiters else { return "waits for namespace_sem unknown" }
        return "\(VerdictWords.few(waiters)) \(VerdictWords.tasks(waiters)) for namespace_sem"
    }

    private static func tasks(_ amount: Amount) -> String { few(amount) == "1.0" ? "task waits" : "tasks wait" }

    /// `path_mount makes 98 % of the writes.`; nil where nobody is known to write.
    private var writer: String? {
        if let first = who?.writers.first {
            return "\(first.name) makes \(CostShares.percent(first.share)) of the writes."
        }
        guard let sheet, let first = CostShares(sheet, .writeSections).shares.first else { return nil }
        return "\(first.name) makes \(first.percent) of the writes."
    }

    /// A number of CPUs or tasks: two digits where it is below 1.
    static func few(_ amount: Amount) -> String {
        if amount.value < 0.001 {
            guard amount.mark == .exact else { return "~0" }
            return amount.value == 0 ? "0" : "<0.001"
        }
        let digits =
            switch amount.value {
            case ..<0.0995: Units.decimals(amount.value, 3)
            case ..<0.995: Units.decimals(amount.value, 2)
            case ..<1000: Units.decimals(amount.value, 1)
            default: Units.rate(amount.value)
            }
        return amount.mark.rawValue + digits
    }
}
