import Contention

/// Several recorded runs side by side as one HTML file: the same plots on the same scales. No statistics: that is what
/// comparing is for.
public struct RunsPage: Sendable {
    private struct Side {
        let letter: String
        let summed: SummedRun

        var run: ReportedRun { summed.run }
        var sheet: CostSheet { summed.sheet }
    }

    private let sides: [Side]

    public init(_ runs: [ReportedRun]) {
        sides = runs.enumerated().map { Side(letter: RunsReport.letter($0), summed: SummedRun($1)) }
    }

    /// The file.
    public var text: String {
        var page = PageDocument(
            title: "mount_lock and namespace_sem in \(Units.amount(sides.count, "run"))",
            head: sides.map { verdict($0) }.joined(separator: "\n"))
        page.append("Runs", runs)
        page.append("Costs", costs)
        page.append("Findings", findings)
        page.append("Over time", overTime)
        page.append("Data", data)
        return page.text
    }

    private func verdict(_ side: Side) -> String {
        let paragraph = side.summed.verdictParagraph("\(side.letter), \(side.run.path): ")
        return paragraph + (side.summed.worst.map(Markup.remark) ?? "")
    }

    private var runs: String {
        let columns: [PageColumn<Side>] = [
            PageColumn("RUN", text: { $0.letter }), PageColumn("FOLDER", text: { $0.run.path }),
            PageColumn("HOST", text: { $0.run.host.hostname }),
            PageColumn("KERNEL", text: { $0.run.host.kernelRelease }),
            PageColumn("CPUS", text: { $0.run.cpus }), PageColumn("HOW LONG", text: { $0.run.length }),
            PageColumn("BEGAN", text: { Timestamp.rfc3339($0.run.totals.startRealtime, digits: 0) }),
            PageColumn("COMMAND", "wrap", text: { $0.run.command ?? "" }),
        ]
        return PageTable(caption: "The runs, in the order they were named", columns: columns, rows: sides).html
    }

    private var costs: String {
        let rows = CostRow.allCases.filter { row in sides.contains { $0.sheet[row].isActive } }
        guard !rows.isEmpty else { return Markup.remark("Nothing happened, or nothing is known.") }
        let numbers: [(caption: String, cell: (CostCells) -> String)] = [
            ("Events a second", { $0.rate }), ("Time a second, all CPUs or tasks together", { $0.time }),
            ("P99 of a duration", { $0.p99 }), ("The longest", { $0.longest }),
        ]
        let tables = numbers.map { caption, cell in
            var columns = [
                PageColumn<CostRow>(
                    "ROW", markup: { "<span class=\"key c\($0.place)\"></span>\($0.lock.rawValue) \($0.rawValue)" })
            ]
            for side in sides {
                columns.append(PageColumn(side.letter, "right", text: { cell(CostCells(side.sheet[$0])) }))
            }
            return PageTable(caption: caption, columns: columns, rows: rows).html
        }
        return Markup.element("div", ["class": "tables"], tables.joined(separator: "\n"))
    }

    private var findings: String {
        sides.map { side in
            let findings = side.run.findings
            if let reason = side.run.records.unavailable[.tasks] {
                return Markup.remark("\(side.letter): not known, for want of records of processes: \(reason).")
            }
            let name = Markup.paragraph("\(side.letter): \(Units.amount(findings.count, "finding"))")
            return name + (findings.isEmpty ? "" : FindingList(findings).html)
        }.joined(separator: "\n")
    }

    /// A row of plots for each question, a plot for each run.
    private var overTime: String {
        let limits = HistoryLimits(sides.map(\.run.totals))
        let plots = sides.map { HistoryPlots($0.run.totals, limits: limits, prefix: "\($0.letter): ").questions }
        guard let first = plots.first else { return "" }
        let rows = first.indices.compactMap { question -> String? in
            let figures = plots.compactMap { $0[question] }
            return figures.isEmpty ? nil : Markup.plots(figures)
        }
        guard !rows.isEmpty else { return Markup.remark("Nothing happened, or nothing is known.") }
        let steps = sides.map { "\($0.letter): \(TimeAxis($0.run.totals).words)" }.joined(separator: "; ")
        return Markup.remark("The same scales in all runs. \(steps).") + rows.joined(separator: "\n")
    }

    private var data: String {
        sides.map { side in
            Markup.paragraph("\(side.letter): \(side.summed.trust).")
                + side.summed.remarks.map { Markup.remark("\(side.letter): \($0)") }.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
