import Contention

/// Who wrote, who read and who paid: processes where they are known, and the kernel functions.
struct WhoSection {
    private let run: ReportedRun
    private let sheet: CostSheet
    private static let mostRows = 12
    private static let mostBlame = 20

    init(_ run: ReportedRun, _ sheet: CostSheet) {
        self.run = run
        self.sheet = sheet
    }

    var html: String {
        let groups = run.records.grouped(by: .process)
        let tables = processes(groups) + functions
        let grid = tables.isEmpty ? "" : Markup.element("div", ["class": "tables"], tables.joined(separator: "\n"))
        return (reason.map { Markup.remark($0) } ?? "") + grid + blame
    }

    /// Why no process is named.
    private var reason: String? {
        run.records.unavailable[.tasks].map { "Processes are not known: \($0)." }
    }

    private struct Line {
        let name: String
        let place: String
        /// Of the whole, 0...1.
        let share: Double
        let numbers: [String]
    }

    private func processes(_ groups: [WhoGroup]) -> [String] {
        [
            table("Writers", groups, ["WRITES/s", "HELD/s"], by: { $0.writes }) {
                [rate($0.writes), time($0.writeHold)]
            },
            table("Readers", groups, ["READS/s", "HELD/s"], by: { $0.reads }) { [rate($0.reads), time($0.readHold)] },
            table("Who pays", groups, ["WAITED/s", "RETRIES/s"], by: { $0.waited ?? $0.suffered }) {
                [time($0.waited), rate($0.suffered)]
            },
        ].compactMap { $0 }
    }

    private func table(
        _ title: String, _ groups: [WhoGroup], _ titles: [String], by value: (WhoGroup) -> UInt64?,
        _ numbers: (WhoGroup) -> [String]
    ) -> String? {
        let values = groups.map { (group: $0, value: Double(value($0) ?? 0)) }.filter { $0.value > 0 }
        let whole = values.reduce(0) { $0 + $1.value }
        let sorted = values.sorted { ($1.value, $0.group.name) < ($0.value, $1.group.name) }
        let lines = sorted.map { group, value in
            Line(
                name: group.name, place: group.actor?.containerName ?? "", share: value / whole,
                numbers: numbers(group))
        }
        guard !lines.isEmpty else { return nil }
        return PageTable.first(
            Self.mostRows, of: lines, "\(title), by process", columns("PROCESS", titles, hasPlace: true))
    }

    private func columns(_ first: String, _ titles: [String], hasPlace: Bool) -> [PageColumn<Line>] {
        var columns = [PageColumn<Line>(first, text: { $0.name }), PageColumn("SHARE", markup: WhoSection.bar)]
        columns += titles.indices.map { index in PageColumn(titles[index], "right", text: { $0.numbers[index] }) }
        if hasPlace { columns.append(PageColumn("IN", "place", text: { $0.place })) }
        return columns
    }

    private static func bar(_ line: Line) -> String {
        let width = Markup.coordinate(max(1, line.share * 100))
        return "<span class=\"part-of\"><span class=\"part\" style=\"width:\(width)%\"></span></span>"
            + Markup.escaped(CostShares.percent(line.share))
    }

    private func rate(_ count: UInt64?) -> String {
        count.map { Units.rate(Double($0) * 1e9 / Double(max(1, run.totals.elapsed))) } ?? "-"
    }

    /// Time in it for each second.
    private func time(_ nanoseconds: UInt64?) -> String {
        nanoseconds.map { Units.duration(Double($0) * 1e9 / Double(max(1, run.totals.elapsed))) } ?? "-"
    }

    /// The sites of rows that have more than one.
    private var functions: [String] {
        let rows: [CostRow] = [
            .writeSections, .exclusive, .lockWaits, .readerSpins, .readRetries, .walksAgain, .tablePages,
        ]
        return rows.compactMap { row in
            let shares = CostShares(sheet, row).shares
            guard shares.count > 1 else { return nil }
            let parts = Dictionary(sheet.parts(row).map { ($0.site, CostCells($0.numbers)) }) { first, _ in first }
            let lines = shares.map { part in
                let cells = parts[part.name]
                return Line(
                    name: part.name, place: "", share: part.share, numbers: [cells?.rate ?? "-", cells?.time ?? "-"])
            }
            return PageTable.first(
                Self.mostRows, of: lines, "\(row.lock.rawValue): \(row.rawValue), by place",
                columns("PLACE", ["RATE/s", "TIME/s"], hasPlace: false))
        }
    }

    private var blame: String {
        let lines = BlameLine.lines(run.records)
        guard !lines.isEmpty else {
            return run.records.unavailable[.blame].map { Markup.remark("Who paid for whom is not known: \($0).") } ?? ""
        }
        return PageTable.first(
            Self.mostBlame, of: lines, "Who paid for whom", BlameLine.columns.map { PageColumn($0) })
    }
}

/// Who read whole mount tables, and how long the tables are.
struct ScanSection {
    private let run: ReportedRun
    private static let mostRows = 20

    init(_ run: ReportedRun) { self.run = run }

    /// Empty for a run without records.
    var html: String { scans + namespaces }

    private var scans: String {
        let lines = ScanLine.lines(run.records)
        guard !lines.isEmpty else {
            return run.records.unavailable[.scans].map { Markup.remark("Scans are not known: \($0).") } ?? ""
        }
        return PageTable.first(
            Self.mostRows, of: lines, "Scans of mount tables, the longest holds first",
            ScanLine.columns.map { PageColumn($0) })
    }

    private var namespaces: String {
        let all = NamespaceColumns.sorted(run.records)
        guard !all.isEmpty else {
            return run.records.unavailable[.namespaces].map { Markup.remark("Mount namespaces are not known: \($0).") }
                ?? ""
        }
        return PageTable.first(
            Self.mostRows, of: all, "Mount namespaces, the longest tables first",
            NamespaceColumns.columns.map { PageColumn($0) })
    }
}
