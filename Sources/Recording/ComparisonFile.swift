import Contention
import JSON

/// A comparison for programs.
public struct ComparisonFile: Sendable {
    private let comparison: Comparison

    public init(_ comparison: Comparison) { self.comparison = comparison }

    /// One row of the CSV: a measure of a group.
    struct Row {
        let base: RunGroup
        let side: ComparedSide
        let row: ComparedRow
        let isForced: Bool
    }

    static let columns: [CSVColumn<Row>] = [
        CSVColumn("base") { $1.append($0.base.name) },
        CSVColumn("new") { $1.append($0.side.group.name) },
        CSVColumn("lock") { $1.append($0.row.measure.metric.subject.rawValue) },
        CSVColumn("metric") { $1.append($0.row.measure.metric.name) },
        CSVColumn("site") { $1.append($0.row.measure.site ?? "") },
        CSVColumn("per") { $1.append($0.row.measure.per.rawValue) },
        CSVColumn("unit") { $1.append($0.row.measure.unit) },
        CSVColumn("n_base") { $1.append($0.row.base.count) },
        CSVColumn("n_new") { $1.append($0.row.new.count) },
        CSVColumn("base_median") { $1.append(number: $0.row.baseMedian) },
        CSVColumn("new_median") { $1.append(number: $0.row.newMedian) },
        CSVColumn("shift") { $1.append(number: $0.row.shift) },
        CSVColumn("ratio") { $1.append(number: $0.row.ratio) },
        CSVColumn("ratio_lo") { $1.append(number: $0.row.interval.lower) },
        CSVColumn("ratio_hi") { $1.append(number: $0.row.interval.upper) },
        CSVColumn("p_raw") { $1.append(number: $0.row.rawP) },
        CSVColumn("p") { $1.append(number: $0.row.p) },
        CSVColumn("tests") { $1.append($0.side.tests) },
        CSVColumn("shown") { $1.append($0.row.verdict.rawValue) },
        CSVColumn("lost_share") { $1.append(number: $0.row.lostShare) },
        CSVColumn("forced") { $1.append($0.isForced ? 1 : 0) },
    ]

    /// RFC 4180 with LF and a header row; an unknown cell is empty.
    public var csv: String {
        var rows = CSVRows(headerOf: ComparisonFile.columns)
        for side in comparison.sides {
            for row in side.rows {
                rows.append(
                    Row(base: comparison.baseline, side: side, row: row, isForced: !comparison.forced.isEmpty),
                    columns: ComparisonFile.columns)
            }
        }
        return String(decoding: rows.bytes, as: UTF8.self)
    }

    /// One object, with the values of every run.
    public var json: JSONValue {
        .object([
            "baseline": group(comparison.baseline),
            "forced": .array(comparison.forced.map { .string($0.reason) }),
            "sides": .array(comparison.sides.map(side)),
        ])
    }

    private func group(_ group: RunGroup) -> JSONValue {
        .object(["name": .string(group.name), "runs": .array(group.runs.map { .string($0.name) })])
    }

    private func side(_ side: ComparedSide) -> JSONValue {
        .object([
            "group": group(side.group),
            "tests": .integer(side.tests),
            "is_tested": .bool(side.isTested),
            "is_hopeless": .bool(side.isHopeless),
            "rows": .array(side.rows.map(row)),
            "silent": .array(side.silent.map { .object(measure($0)) }),
            "left_out": .array(
                side.leftOut.map { .object(measure($0.measure) + [JSONMember("reason", .string($0.reason))]) }),
        ])
    }

    private func row(_ row: ComparedRow) -> JSONValue {
        .object(
            measure(row.measure) + [
                JSONMember("base", .array(row.base.map { .number($0) })),
                JSONMember("new", .array(row.new.map { .number($0) })),
                JSONMember("base_median", .number(row.baseMedian)),
                JSONMember("new_median", .number(row.newMedian)),
                JSONMember("shift", .number(row.shift)),
                JSONMember("ratio", optional(row.ratio)),
                JSONMember("ratio_interval", .array([optional(row.interval.lower), optional(row.interval.upper)])),
                JSONMember("p_raw", optional(row.rawP)),
                JSONMember("p", optional(row.p)),
                JSONMember("shown", .string(row.verdict.rawValue)),
                JSONMember("lost_share", optional(row.lostShare)),
            ])
    }

    private func measure(_ measure: Measure) -> [JSONMember] {
        [
            JSONMember("lock", .string(measure.metric.subject.rawValue)),
            JSONMember("metric", .string(measure.metric.name)),
            JSONMember("site", .text(measure.site)),
            JSONMember("per", .string(measure.per.rawValue)),
            JSONMember("unit", .string(measure.unit)),
        ]
    }

    private func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}
