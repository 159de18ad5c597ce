import Contention
import JSON

/// What run.json says about a run before it begins.
public struct RunDescription: Sendable, Equatable {
    /// The name by which run.json is recognised.
    public static let schema = "mountscope.run"
    /// Goes up when a reader of the version before would misread a run.
    public static let schemaVersion: Int64 = 1
    /// Goes up when a run has something new that a reader of the version before may pass over: a column, a metric.
    public static let schemaMinor: Int64 = 6

    /// A UUID; every row of the run repeats it.
    public var id: String
    /// What the user calls runs of this kind, to compare by; nil without a name.
    public var label: String?
    public var toolVersion: String
    public var host: HostConditions
    public var attachTable: [AttachRow]
    public var plan: SamplingPlan
    /// How it was asked to probe; nil where an older version recorded it.
    public var probing: ProbingConditions?
    /// Why tables of the record plane have no rows, where they cannot have any.
    public var unavailableRecords: [RecordTable: String]
    /// COMMAND and its arguments; empty without one.
    public var command: [String]
    /// CLOCK_MONOTONIC of the first snapshot, nanoseconds.
    public var startMonotonic: UInt64
    /// CLOCK_REALTIME of the first snapshot, nanoseconds since 1970 UTC.
    public var startRealtime: Int64

    /// - Parameter first: the snapshot the run begins with, for its clocks.
    public init(
        id: String, toolVersion: String, host: HostConditions, attachTable: [AttachRow], plan: SamplingPlan,
        command: [String], first: Snapshot
    ) {
        self.id = id
        self.toolVersion = toolVersion
        self.host = host
        self.attachTable = attachTable
        self.plan = plan
        self.command = command
        startMonotonic = first.monotonic
        startRealtime = first.realtime
        unavailableRecords = first.records.unavailable
    }
}

/// Why a run ended.
public enum RunEnd: Equatable, Sendable {
    /// The planned duration was over.
    case finished
    case interrupted(StopSignal)
    case commandExited
    case failed(message: String)

    /// The word in run.json.
    public var reason: String {
        switch self {
        case .finished: "finished"
        case .interrupted: "interrupted"
        case .commandExited: "command_exited"
        case .failed: "failed"
        }
    }
}

/// How COMMAND ended.
public enum CommandEnd: Equatable, Sendable {
    case exited(status: Int32)
    case killed(signal: Int32)
}

/// What is known when a run has ended.
struct RunClosing {
    let end: RunEnd
    let command: CommandEnd?
    /// What COMMAND said that it did; nil where it said nothing.
    let workload: JSONValue?
    let intervals: Int
    let monotonic: UInt64
    let realtime: Int64
    /// Series that began or ceased to be measured meanwhile.
    var changes: [ModeChanges.Change] = []
    /// Why series had no numbers at the end.
    var reasons: [SeriesReason] = []
    /// Those that cost most first.
    var findings: [Finding] = []
    /// Rows by actor that cannot be, and were left out.
    var impossibleRows = 0
}

/// Why a series has no numbers.
struct SeriesReason {
    let key: SeriesKey
    let reason: String

    var json: JSONValue {
        .object([
            "lock": .string(key.metric.subject.rawValue), "metric": .string(key.metric.name),
            "site": .string(key.site), "reason": .string(reason),
        ])
    }
}

/// A file of rows that nothing is added to any more.
public struct RecordedFile: Sendable, Equatable {
    public let name: String
    public let bytes: Int
    /// Eight hexadecimal digits.
    public let crc32: String

    var json: JSONValue {
        .object(["name": .string(name), "bytes": .integer(bytes), "crc32": .string(crc32)])
    }
}

extension RunDescription {
    /// run.json as it is while the run goes on, with nil, or when it has ended.
    /// - Parameters:
    ///   - files: those that are complete.
    ///   - crc32: the last member: of the text with zeros in its place.
    func json(
        _ closing: RunClosing?, files: [RecordedFile] = [], isSparse: Bool = false,
        crc32: String = DescriptionChecksum.none
    ) -> JSONValue {
        let identity: [JSONMember] = [
            JSONMember("schema", .string(RunDescription.schema)),
            JSONMember("schema_version", .integer(RunDescription.schemaVersion)),
            JSONMember("schema_minor", .integer(RunDescription.schemaMinor)),
            JSONMember("tool_version", .string(toolVersion)),
            JSONMember("run_id", .string(id)),
            JSONMember("label", .text(label)),
            JSONMember("host", hostJSON),
        ]
        let course: [JSONMember] = [
            JSONMember("interval_ns", .integer(plan.interval)),
            JSONMember("duration_ns", .integer(plan.duration)),
            JSONMember("probing", probing?.json ?? .null),
            JSONMember("command", command.isEmpty ? .null : commandJSON(closing?.command)),
            JSONMember("workload", closing?.workload ?? .null),
            JSONMember("start", clockJSON(startMonotonic, startRealtime)),
            JSONMember("end", endJSON(closing)),
        ]
        let recorded: [JSONMember] = [
            JSONMember("rows", .string(isSparse ? "sparse" : "all")),
            JSONMember("files", .array(files.map(\.json))),
            JSONMember("attach", .array(attachTable.map { $0.json(withAddress: false) })),
        ]
        var members: [JSONMember] = identity
        members += course
        members += recorded
        members += told(closing)
        members.append(JSONMember("crc32", .string(crc32)))
        return .object(members)
    }

    /// What was said of the run as a whole.
    private func told(_ closing: RunClosing?) -> [JSONMember] {
        let changes: [JSONValue] = (closing?.changes ?? []).flatMap(\.json)
        let reasons: [JSONValue] = (closing?.reasons ?? []).map(\.json)
        let findings: [JSONValue] = (closing?.findings ?? []).map(\.json)
        let unavailable: [JSONMember] = RecordTable.allCases.compactMap { table in
            unavailableRecords[table].map { JSONMember(table.rawValue, .string($0)) }
        }
        return [
            JSONMember("changes", .array(changes)),
            JSONMember("unavailable", .array(reasons)),
            JSONMember("unavailable_records", .object(unavailable)),
            JSONMember("impossible_rows", .integer(closing?.impossibleRows ?? 0)),
            JSONMember("findings", .array(findings)),
        ]
    }

    private var hostJSON: JSONValue {
        .object([
            "hostname": .string(host.hostname),
            "kernel_release": .string(host.kernelRelease),
            "kernel_build": .string(host.kernelBuild),
            "architecture": .string(host.architecture),
            "btf_fnv1a64": .text(host.btfHash),
            "boot_flags": .string(host.bootFlags),
            "cpu_model": .string(host.cpuModel),
            "cpus_possible": .integer(host.possibleCPUs),
            "cpus_online": .array(host.onlineCPUs.map { JSONValue.integer($0) }),
            "cores": .integer(host.cores),
            "sockets": .integer(host.sockets),
            "numa_nodes": .integer(host.numaNodes),
            "topology": topologyJSON,
            "mounts_in_namespace": .integer(host.mountsInNamespace),
            "mount_namespaces": .integer(host.mountNamespaces),
        ])
    }

    /// Lists of CPUs as the kernel writes them; null where nothing is known.
    private var topologyJSON: JSONValue {
        let topology = host.topology
        guard topology.isKnown else { return .null }
        func lists(_ lists: [[Int]]) -> JSONValue { .array(lists.map { .string(CPUList.text($0)) }) }
        return .object([
            "sockets": lists(topology.sockets), "numa_nodes": lists(topology.nodes), "l3": lists(topology.caches),
            "cores": lists(topology.cores),
        ])
    }

    private func commandJSON(_ end: CommandEnd?) -> JSONValue {
        var status: JSONValue = .null
        var signal: JSONValue = .null
        switch end {
        case .exited(let code): status = .integer(code)
        case .killed(let number): signal = .integer(number)
        case nil: break
        }
        return .object(["argv": .array(command.map(JSONValue.string)), "exit_status": status, "signal": signal])
    }

    private func endJSON(_ closing: RunClosing?) -> JSONValue {
        guard let closing else {
            return .object([
                "reason": .string("running"),
                "note": .string(
                    "Rewritten when the run ends. Where this still stands and mountscope is gone, the run was cut"
                        + " short: its rows are good up to the last complete one."),
            ])
        }
        var signal: String?
        var message: String?
        switch closing.end {
        case .interrupted(let stop): signal = stop.rawValue
        case .failed(let text): message = text
        case .finished, .commandExited: break
        }
        return .object(
            [
                JSONMember("reason", .string(closing.end.reason)),
                JSONMember("signal", .text(signal)),
                JSONMember("message", .text(message)),
                JSONMember("intervals", .integer(closing.intervals)),
            ] + clockMembers(closing.monotonic, closing.realtime))
    }

    private func clockJSON(_ monotonic: UInt64, _ realtime: Int64) -> JSONValue {
        .object(clockMembers(monotonic, realtime))
    }

    /// The two clocks read together, so that either can be had from the other.
    private func clockMembers(_ monotonic: UInt64, _ realtime: Int64) -> [JSONMember] {
        [
            JSONMember("time", .string(Timestamp.rfc3339(realtime))),
            JSONMember("monotonic_ns", .integer(monotonic)),
            JSONMember("realtime_ns", .integer(realtime)),
        ]
    }
}

extension ProbingConditions {
    fileprivate var json: JSONValue {
        .object([
            "attach": .string(attach), "budget_share": budget.map { .number($0) } ?? .null,
            "sample_hz": .integer(hertz),
        ])
    }
}

extension Finding {
    fileprivate var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue),
            "subject": .string(subject),
            "sentence": .string(sentence),
            "value": .number(value),
            "threshold": .number(threshold),
            "cost_ns": .integer(cost),
            "advice": .string(advice),
        ])
    }
}

extension ModeChanges.Change {
    /// An object for each series.
    fileprivate var json: [JSONValue] {
        keys.map { key in
            .object([
                "seq": .integer(sequence),
                "lock": .string(key.metric.subject.rawValue),
                "metric": .string(key.metric.name),
                "site": .string(key.site),
                "mode": .string(mode.rawValue),
                "reason": .string(reason),
            ])
        }
    }
}

extension AttachRow {
    /// The row as an object, in run.json and in `probe --format json`.
    /// - Parameter withAddress: for root's eyes only: one address tells where the kernel lies. `function` has the symbol and
    ///   the offset.
    public func json(withAddress: Bool) -> JSONValue {
        .object([
            "lock": .string(key.metric.subject.rawValue),
            "metric": .string(key.metric.name),
            "site": .string(key.site),
            "mode": .string(mode.rawValue),
            "program": .string(program),
            "function": .string(function),
            "address": .text(withAddress ? address.map { "0x" + String($0, radix: 16) } : nil),
            "required": .bool(required),
            "reason": .string(reason),
            "hint": .string(hint),
        ])
    }
}

extension SiteTable {
    /// The table as an object, in `probe --sites --format json`.
    public var json: JSONValue {
        .object([
            "references": .integer(references),
            "classified": .integer(classified),
            "elapsed_ns": .integer(elapsed),
            "sites": .array(
                rows.map { row in
                    .object([
                        "at": .string(row.place),
                        "address": .string("0x" + String(row.address, radix: 16)),
                        "does": .string(row.kind),
                        "program": .string(row.program),
                        "reason": .string(row.reason),
                    ])
                }),
        ])
    }
}
