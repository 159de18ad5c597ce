import Contention

/// What a page says first: how bad it was, how far that can be trusted, and of what run it is.
struct RunHead {
    private let summed: SummedRun

    init(_ summed: SummedRun) { self.summed = summed }

    var html: String {
        let worst = summed.worst.map(Markup.paragraph)
        let parts = [summed.verdictParagraph(), worst, Markup.remark("Data: \(summed.trust).")].compactMap { $0 }
        return parts.joined(separator: "\n") + Markup.list(conditions)
    }

    private var conditions: [(term: String, text: String)] {
        let run = summed.run
        let host = run.host
        return [
            ("run", "\(run.path)  \(run.identifier)"),
            ("when", "\(time(run.totals.startRealtime)) to \(time(run.totals.endRealtime))"),
            ("how long", run.length), ("command", run.command ?? ""), ("host", host.hostname),
            ("kernel", [host.kernelRelease, host.kernelBuild, host.architecture].joined(separator: "  ")),
            ("hardware", ([host.cpuModel, run.cpus] + run.topology).filter { !$0.isEmpty }.joined(separator: ", ")),
        ]
    }

    private func time(_ nanoseconds: Int64) -> String { Timestamp.rfc3339(nanoseconds, digits: 3) }
}

/// The rows of both locks with their numbers, and who writes and who pays.
struct CostSection {
    private let sheet: CostSheet

    private struct Line {
        let row: CostRow
        let cells: CostCells
    }

    init(_ sheet: CostSheet) { self.sheet = sheet }

    var html: String {
        let rows = CostRow.allCases.filter { sheet[$0].isActive }
        guard !rows.isEmpty else { return Markup.remark("Nothing happened, or nothing is known.") }
        let tables = [Subject.mountLock, .namespaceSem].compactMap { lock -> String? in
            let lines = rows.filter { $0.lock == lock }.map { Line(row: $0, cells: CostCells(sheet[$0])) }
            guard !lines.isEmpty else { return nil }
            return PageTable(
                caption: "\(lock.rawValue): events and time a second, all CPUs or tasks together",
                columns: CostSection.columns, rows: lines, isNarrow: true
            ).html
        }
        let shares = [("Writes", CostShares(sheet, .writeSections)), ("Pays", CostShares.payers(sheet))]
        let told = shares.filter { !$0.1.shares.isEmpty }.map { title, shares in
            Markup.paragraph("\(title): \(CostSection.words(shares)).")
        }
        return Markup.element("div", ["class": "tables"], tables.joined(separator: "\n")) + told.joined(separator: "\n")
    }

    private static let mostShares = 5

    /// `path_mount 97 %, mntput_no_expire 1 %, 7 more`
    private static func words(_ shares: CostShares) -> String {
        let named = shares.shares.prefix(mostShares).map { "\($0.name) \($0.percent)" }
        let more = shares.shares.count - named.count
        return (named + (more > 0 ? ["\(more) more"] : [])).joined(separator: ", ")
    }

    private static var columns: [PageColumn<Line>] {
        [
            PageColumn("ROW", markup: { "<span class=\"key c\($0.row.place)\"></span>\($0.row.rawValue)" }),
            PageColumn("RATE/s", "right", text: { $0.cells.rate }),
            PageColumn("TIME/s", "right", text: { $0.cells.time }),
            PageColumn("P50", "right opt", text: { $0.cells.p50 }),
            PageColumn("P99", "right", text: { $0.cells.p99 }),
            PageColumn("MAX", "right", text: { $0.cells.longest }),
        ]
    }
}
