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

    static let columns: [RowColumn<Row>] = [
        RowColumn("base") { .free($0.base.name) },
        RowColumn("new") { .free($0.side.group.name) },
        RowColumn("lock") { .text($0.row.measure.metric.subject.rawValue) },
        RowColumn("metric") { .text($0.row.measure.metric.name) },
        RowColumn("site") { .free($0.row.measure.site ?? "") },
        RowColumn("quantity") { .text($0.row.measure.quantity.rawValue) },
        RowColumn("per") { .text($0.row.measure.per.rawValue) },
        RowColumn("kind") { .free($0.row.kind ?? "") },
        RowColumn("unit") { .text($0.row.measure.unit) },
        RowColumn("n_base") { .number($0.row.base.count) },
        RowColumn("n_new") { .number($0.row.new.count) },
        RowColumn("base_median") { .real($0.row.baseMedian) },
        RowColumn("new_median") { .real($0.row.newMedian) },
        RowColumn("shift") { .real($0.row.shift) },
        RowColumn("ratio") { .real($0.row.ratio) },
        RowColumn("ratio_lo") { .real($0.row.interval?.finiteLower) },
        RowColumn("ratio_hi") { .real($0.row.interval?.finiteUpper) },
        RowColumn("p_raw") { .real($0.row.rawP) },
        RowColumn("p") { .real($0.row.p) },
        RowColumn("tests") { .number($0.side.tests) },
        RowColumn("shown") { .text($0.row.verdict.rawValue) },
        RowColumn("same") { .number($0.row.isSame.map { $0 ? 1 : 0 }) },
        RowColumn("finds") { .real($0.row.detectable) },
        RowColumn("lost_share") { .real($0.row.lostShare) },
        RowColumn("forced") { .number($0.isForced ? 1 : 0) },
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
            "remarks": .array(comparison.remarks.map { .string($0.reason) }),
            "same_within": optional(comparison.sameWithin),
            "sides": .array(comparison.sides.map(side)),
            "taken_off": .array(removals),
        ])
    }

    /// The same of two commands, with the answer and the order in which they were run.
    public func json(answer: String, _ plan: VersusPlan) -> JSONValue {
        .object([
            "answer": .string(answer),
            "order": .array(plan.order.map { .string($0.rawValue) }),
            "comparison": json,
        ])
    }

    /// What the budget took off, an object for each series of each run.
    private var removals: [JSONValue] {
        ([comparison.baseline] + comparison.sides.map(\.group)).flatMap(\.runs).flatMap { run in
            run.removals.flatMap { removal in
                removal.keys.map { key in
                    .object([
                        "run": .string(run.name), "lock": .string(key.metric.subject.rawValue),
                        "metric": .string(key.metric.name), "site": .string(key.site),
                        "reason": .string(removal.reason),
                    ])
                }
            }
        }
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
            "order": .string(side.order.name),
            "worse": .integer(side.judged.count { $0.verdict == .more }),
            "better": .integer(side.judged.count { $0.verdict == .less }),
            "untold": .integer(side.judged.count { $0.verdict == .nothingShown }),
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
                JSONMember(
                    "ratio_interval",
                    .array([optional(row.interval?.finiteLower), optional(row.interval?.finiteUpper)])),
                JSONMember("p_raw", optional(row.rawP)),
                JSONMember("p", optional(row.p)),
                JSONMember("shown", .string(row.verdict.rawValue)),
                JSONMember("same", row.isSame.map { .bool($0) } ?? .null),
                JSONMember("finds", optional(row.detectable)),
                JSONMember("kind", .text(row.kind)),
                JSONMember("lost_share", optional(row.lostShare)),
                JSONMember("without", .array(row.without.map { .string($0.site) })),
            ])
    }

    private func measure(_ measure: Measure) -> [JSONMember] {
        [
            JSONMember("lock", .string(measure.metric.subject.rawValue)),
            JSONMember("metric", .string(measure.metric.name)),
            JSONMember("site", .text(measure.site)),
            JSONMember("quantity", .string(measure.quantity.rawValue)),
            JSONMember("per", .string(measure.per.rawValue)),
            JSONMember("unit", .string(measure.unit)),
        ]
    }

    private func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}

extension RankInterval {
    /// nil where it has risen from nothing.
    fileprivate var finiteLower: Double? { lower < .infinity ? lower : nil }
    /// nil where any rise is possible.
    fileprivate var finiteUpper: Double? { upper < .infinity ? upper : nil }
}

extension RunOrder {
    fileprivate var name: String {
        switch self {
        case .mixed: "mixed"
        case .blocked: "blocked"
        case .unknown: "unknown"
        }
    }
}
