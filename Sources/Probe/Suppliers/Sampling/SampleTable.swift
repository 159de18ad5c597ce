import CProbe
import Contention

/// `ms_samples` of every CPU, word by word: its arrays are too long for Swift's tuples.
struct SampleTable {
    private static let wordsPerCPU = MemoryLayout<ms_samples>.stride / 8
    private static let found = 3
    private static let repeated = found + Int(MS_FINDINGS)

    /// Which samples a share is of: all, or those that say something about a lock. As in `ms_samples`.
    enum Whole: Int {
        case taken = 0
        case spinlock = 1
        case semaphore = 2
    }

    private let cpus: Int
    private var words: [UInt64]

    init(cpus: Int) {
        self.cpus = cpus
        words = Array(repeating: 0, count: cpus * SampleTable.wordsPerCPU)
    }

    /// For tests: the words as they are in the map.
    init(cpus: Int, words: [UInt64]) {
        precondition(words.count == cpus * SampleTable.wordsPerCPU)
        self.cpus = cpus
        self.words = words
    }

    /// Copies the counts of all CPUs. Returns 0 or a negative errno.
    mutating func read(_ object: any LoadedObject) -> Int32 {
        words.withUnsafeMutableBytes { object.readElement("samples", key: 0, into: $0) }
    }

    /// Samples of all CPUs.
    var taken: UInt64 { (0..<cpus).reduce(0) { $0 + taken(cpu: $1) } }

    /// Samples of a CPU.
    func taken(cpu: Int) -> UInt64 { self[cpu, Whole.taken.rawValue] }

    /// Of all CPUs.
    func share(_ finding: ms_finding, of whole: Whole) -> Share {
        let shares = (0..<cpus).map { share($0, Int(finding.rawValue), of: whole) }
        return Share(
            part: shares.reduce(0) { $0 + $1.part }, whole: shares.reduce(0) { $0 + $1.whole },
            repeats: shares.reduce(0) { $0 + ($1.repeats ?? 0) })
    }

    /// Of each CPU, those in a loop of the nth function.
    func spins(_ function: Int) -> [Share] {
        (0..<cpus).map { share($0, Int(MS_FOUND_SPINS.rawValue) + function, of: .taken) }
    }

    /// The counts of a CPU are read while it goes on: a part that is a step ahead is held back.
    private func share(_ cpu: Int, _ finding: Int, of whole: Whole) -> Share {
        let part = min(self[cpu, SampleTable.found + finding], self[cpu, whole.rawValue])
        return Share(
            part: part, whole: self[cpu, whole.rawValue], repeats: min(part, self[cpu, SampleTable.repeated + finding]))
    }

    private subscript(cpu: Int, word: Int) -> UInt64 { words[cpu * SampleTable.wordsPerCPU + word] }
}
