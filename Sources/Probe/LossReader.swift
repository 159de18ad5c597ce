import CProbe
import Contention

/// Which events were lost, as far as this kernel says.
struct LossReader {
    private let recursion: [String: UInt64]
    private let missedKprobes: [String: UInt64]
    private let hasPrograms: Bool
    private let hasKprobes: Bool
    private let countsMountTables: Bool
    private let reader: CounterReader

    init(plan: AttachPlan, programs: BPFObject?, reader: CounterReader) {
        let attachments = plan.attachments
        let kprobes = attachments.filter { !$0.kprobeAddresses.isEmpty }.map(\.program)
        recursion = Self.read(attachments.map(\.program)) { programs?.recursionMisses($0) }
        missedKprobes = Self.read(kprobes) { programs?.missedKprobes($0) }
        hasPrograms = !attachments.isEmpty
        hasKprobes = !kprobes.isEmpty
        countsMountTables = kprobes.contains("m_start")
        self.reader = reader
    }

    private static func read(_ programs: [String], _ count: (String) -> UInt64?) -> [String: UInt64] {
        var counts: [String: UInt64] = [:]
        for program in programs {
            if let known = count(program) { counts[program] = known }
        }
        return counts
    }

    /// Known losses of a series: of its programs, and of its mount table.
    func lost(_ key: SeriesKey, _ programs: [String]) -> UInt64? {
        var lost: UInt64 = 0
        for program in programs { lost += (recursion[program] ?? 0) + (missedKprobes[program] ?? 0) }
        if key.metric.subject == .namespaceSem, let table = key.metric.sites.firstIndex(of: key.site) {
            lost += reader.unmatched(table) + reader.mapFull(table)
        }
        return lost
    }

    /// The series of one cause.
    func reading(_ key: SeriesKey) -> SeriesReading {
        let outcome: ReadingValue =
            switch LossCause(rawValue: key.site) {
            case .recursion:
                total(recursion, hasPrograms, "no program is attached", "kernels before 5.12 do not count them")
            case .missedKprobe:
                total(missedKprobes, hasKprobes, "no kprobe is attached", "kernels before 6.7 do not count them")
            case .unmatched: tables(reader.unmatched, MS_TABLES.rawValue + 1)
            case .mapFull: tables(reader.mapFull, MS_TABLES.rawValue)
            case nil: .unavailable(reason: "no such cause")
            }
        if case .unavailable = outcome {
            return SeriesReading(key: key, mode: .unavailable, value: outcome, lost: nil)
        }
        return SeriesReading(key: key, mode: .exact, value: outcome, lost: 0)
    }

    private func total(_ counts: [String: UInt64], _ attached: Bool, _ none: String, _ uncounted: String)
        -> ReadingValue
    {
        guard attached else { return .unavailable(reason: none) }
        return counts.isEmpty ? .unavailable(reason: uncounted) : .total(counts.values.reduce(0, +))
    }

    private func tables(_ count: (Int) -> UInt64, _ tables: UInt32) -> ReadingValue {
        guard countsMountTables else { return .unavailable(reason: "no mount table is watched") }
        return .total((0..<Int(tables)).reduce(0) { $0 + count($1) })
    }
}
