import Contention

/// The live view for a pipe, a file or a terminal without cursor: a block of lines for each interval, the verdict first, then
/// only rows in which something happened. For programs there are CSV and NDJSON.
public struct LogReport: Sendable {
    /// Online CPUs, where no series tells.
    private let cpus: Int?
    private let width: Int

    /// - Parameter width: characters.
    public init(cpus: Int?, width: Int) {
        self.cpus = cpus
        self.width = width
    }

    /// The lines of one interval, and an empty one behind them.
    /// - Parameter who: the lines of those that wrote, read and paid most.
    public func block(_ interval: Interval, who: [String] = []) -> String {
        let sheet = CostSheet(interval, cpus: cpus)
        let time = Timestamp.rfc3339(interval.endRealtime, digits: 0)
        var lines = LogReport.head(interval, sheet, cpus: cpus, width: width)
        lines += CostTable(sheet, corner: time, width: width).lines
        lines += LogReport.shares(sheet, width: width).filter { !$0.isEmpty }
        return (lines + who.flatMap { $0.wrapped(to: width) } + changes(interval) + [""]).text
    }

    /// What is said before anything else: the verdict, and how far it can be trusted.
    static func head(_ interval: Interval, _ sheet: CostSheet, cpus: Int?, width: Int) -> [String] {
        VerdictWords(interval.verdict(cpus: cpus), sheet).lines(width: width)
            + [DataWords(Trust(interval, sheet)).line(width: width)]
    }

    /// Who writes and who pays; empty where nobody is known to.
    /// - Parameter who: nil where processes are not known: then kernel functions are named.
    static func shares(_ sheet: CostSheet, who: WhoSheet? = nil, width: Int) -> [String] {
        let writers = who.map { CostShares(of: $0.writers) } ?? CostShares(sheet, .writeSections)
        let payers = who.map { CostShares(of: $0.victims) } ?? CostShares.payers(sheet)
        let lines = [("WRITES", writers), ("PAYS", payers)]
        return lines.map { title, shares in
            let room = width - VerdictWords.indent
            return shares.shares.isEmpty ? "" : title.padded(to: VerdictWords.indent) + shares.line(width: room)
        }
    }

    /// What began or ceased to be measured in the middle of a run.
    private func changes(_ interval: Interval) -> [String] {
        interval.changes.flatMap { $0.text(in: interval).wrapped(to: width) }
    }
}
