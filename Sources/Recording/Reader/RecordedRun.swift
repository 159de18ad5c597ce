import Contention
import Glibc
import JSON
import SystemCalls

/// How a run ended.
public struct RecordedEnd: Sendable, Equatable {
    public let end: RunEnd
    /// How COMMAND ended; nil without one.
    public let command: CommandEnd?
    /// How many were written whole.
    public let intervals: Int
    /// CLOCK_MONOTONIC of the last snapshot, nanoseconds.
    public let monotonic: UInt64
    /// CLOCK_REALTIME of the last snapshot, nanoseconds since 1970 UTC.
    public let realtime: Int64
}

/// What run.json says, as far as this version knows it.
public struct RecordedRun: Sendable, Equatable {
    /// The folder, as given.
    public let path: String
    /// The whole of run.json.
    public let json: JSONValue
    public let description: RunDescription
    /// nil for a run that was cut short, or goes on.
    public let end: RecordedEnd?
    /// Why series have no numbers, from the attach table and from the end of the run.
    public let reasons: [SeriesKey: String]
    /// Whether rows are left out where nothing happened.
    public let isSparse: Bool
    /// The schema's minor version; 0 where run.json has none.
    public let schemaMinor: Int64
    /// Rows by actor that could not be, and were left out of the run's tables.
    public let impossibleRows: Int
    /// The files that are complete, with their checksums; nil for the first schema, which had no list.
    let listedFiles: [RecordedFile]?

    /// The files that are complete, with their checksums.
    public var files: [RecordedFile] { listedFiles ?? [] }

    /// The kernel has no more (NR_CPUS).
    static let maximumCPUs = 8192
    /// Of run.json: room for a day's files that were rotated every second.
    static let maximumDescriptionBytes = 16 << 20
    /// Nanoseconds, 73 years: no clock that counts from a machine's start gets there.
    static let maximumTime: UInt64 = 1 << 61

    /// Whether the run was written by a version that may know more series and columns.
    public var isNewer: Bool { schemaMinor > RunDescription.schemaMinor }

    /// Reads run.json.
    /// - Throws: `RunReadError` when it is missing, damaged, of another schema or says what cannot be.
    public init(path: String) throws(RunReadError) {
        let file = "\(path)/\(RunFolder.description)"
        let bytes: [UInt8]?
        do {
            bytes = try FileDescriptor.openRegular(file).readToEnd(atMost: RecordedRun.maximumDescriptionBytes)
        } catch {
            let hint =
                error.code == ENOENT || error.code == ENOTDIR ? "give the folder of a run, as `record -o` made it" : ""
            throw RunReadError(path: file, error, hint: hint)
        }
        guard let bytes else {
            throw RunReadError(path: file, reason: "is longer than \(RecordedRun.maximumDescriptionBytes) bytes")
        }
        let json: JSONValue
        do { json = try JSONValue.parse(bytes) } catch { throw RunReadError(path: file, reason: "\(error)") }
        try self.init(path: path, json: json, bytes: bytes)
    }

    init(path: String, json: JSONValue, bytes: [UInt8]) throws(RunReadError) {
        let fields = try JSONFields(json, path: "\(path)/\(RunFolder.description)")
        guard try fields.string("schema") == RunDescription.schema else {
            throw fields.error("schema", "is not a run's")
        }
        let version: Int64 = try fields.integer("schema_version")
        guard version == RunDescription.schemaVersion else {
            throw fields.error("schema_version", "is \(version), this version of mountscope reads 1")
        }
        self.path = path
        self.json = json
        schemaMinor = try fields.optionalInteger("schema_minor") ?? 0
        guard schemaMinor >= 0 else { throw fields.error("schema_minor", "is negative") }
        // null, or no such member, is for those who change the text by hand.
        if let digits = try fields.optionalString("crc32"), DescriptionChecksum.of(bytes) != digits {
            throw RunReadError(
                path: "\(path)/\(RunFolder.description)",
                reason: "its checksum is not that of the text: bytes were changed after it was written",
                hint: "where that was on purpose, put null in the place of \"\(digits)\"")
        }
        switch try fields.optionalString("rows") {
        case "sparse": isSparse = true
        case "all", nil: isSparse = false
        default: throw fields.error("rows", "is neither all nor sparse")
        }
        description = try RunDescription(fields, escapes: schemaMinor >= 3)
        end = try RecordedEnd(fields, hasCommand: !description.command.isEmpty)
        reasons = try RecordedRun.reasons(fields, description.attachTable)
        impossibleRows = try fields.optionalInteger("impossible_rows") ?? 0
        guard schemaMinor >= 1 else {
            listedFiles = nil
            return
        }
        var files: [RecordedFile] = []
        for file in try fields.objects("files") {
            files.append(
                RecordedFile(
                    name: try file.string("name"), bytes: try file.integer("bytes"), crc32: try file.string("crc32")))
        }
        listedFiles = files
    }
}

extension RecordedRun {
    private static func reasons(
        _ fields: JSONFields, _ attachTable: [AttachRow]
    ) throws(RunReadError) -> [SeriesKey: String] {
        var reasons: [SeriesKey: String] = [:]
        for row in attachTable where row.mode == .unavailable { reasons[row.key] = row.reason }
        for row in try fields.optionalObjects("unavailable") {
            let name = SeriesName(
                lock: try row.string("lock"), metric: try row.string("metric"), site: try row.string("site"))
            if let key = name.key { reasons[key] = try row.string("reason") }
        }
        return reasons
    }
}

extension RunDescription {
    /// - Parameter escapes: whether label and command are text as `EscapedBytes` writes it; else they are what they say.
    init(_ fields: JSONFields, escapes: Bool) throws(RunReadError) {
        func text(_ written: String) -> String {
            escapes ? EscapedBytes.visible(written) : EscapedBytes.text(Array(written.utf8))
        }
        id = try fields.string("run_id")
        label = try fields.optionalString("label") == nil ? nil : text(try fields.rawString("label"))
        toolVersion = try fields.string("tool_version")
        host = try HostConditions(try fields.object("host"))
        plan = SamplingPlan(
            interval: try fields.integer("interval_ns"), duration: try fields.optionalInteger("duration_ns"))
        if let probing = try fields.optionalObject("probing") { self.probing = try ProbingConditions(probing) }
        command = try (fields.optionalObject("command")?.strings("argv") ?? []).map(text)
        guard plan.interval > 0, plan.interval < RecordedRun.maximumTime else {
            throw fields.error("interval_ns", "is \(plan.interval)")
        }
        unavailableRecords = try RunDescription.unavailableRecords(fields)
        let start = try fields.object("start")
        startMonotonic = try start.integer("monotonic_ns")
        startRealtime = try start.integer("realtime_ns")
        guard startMonotonic < RecordedRun.maximumTime else {
            throw start.error("monotonic_ns", "is \(startMonotonic)")
        }
        attachTable = []
        for row in try fields.objects("attach") {
            // A row that this version does not know is of a newer one.
            if let row = try AttachRow(row) { attachTable.append(row) }
        }
    }
}

extension RunDescription {
    /// Why tables have no rows; of every table where the run was recorded before there were any.
    fileprivate static func unavailableRecords(_ fields: JSONFields) throws(RunReadError) -> [RecordTable: String] {
        guard let reasons = try fields.optionalObject("unavailable_records") else {
            return RecordSnapshot.none("the run was recorded without it").unavailable
        }
        var known: [RecordTable: String] = [:]
        for table in RecordTable.allCases { known[table] = try reasons.optionalString(table.rawValue) }
        return known
    }
}

extension RecordedRun {
    /// Why tables of the record plane have no rows, where they cannot have any.
    public var unavailableRecords: [RecordTable: String] { description.unavailableRecords }
}

extension ProbingConditions {
    init(_ fields: JSONFields) throws(RunReadError) {
        self.init(
            attach: try fields.string("attach"), budget: try fields.optionalNumber("budget_share"),
            hertz: try fields.optionalInteger("sample_hz"))
    }
}

extension HostConditions {
    init(_ fields: JSONFields) throws(RunReadError) {
        self.init()
        hostname = try fields.string("hostname")
        kernelRelease = try fields.string("kernel_release")
        kernelBuild = try fields.string("kernel_build")
        architecture = try fields.string("architecture")
        btfHash = try fields.optionalString("btf_fnv1a64")
        bootFlags = try fields.string("boot_flags")
        cpuModel = try fields.string("cpu_model")
        possibleCPUs = try fields.integer("cpus_possible")
        onlineCPUs = try fields.integers("cpus_online")
        cores = try fields.integer("cores")
        sockets = try fields.integer("sockets")
        numaNodes = try fields.integer("numa_nodes")
        if let places = try fields.optionalObject("topology") {
            topology = try CPUTopology(places)
        }
        mountsInNamespace = try fields.integer("mounts_in_namespace")
        mountNamespaces = try fields.optionalInteger("mount_namespaces")
        guard (0...RecordedRun.maximumCPUs).contains(possibleCPUs) else {
            throw fields.error("cpus_possible", "is \(possibleCPUs)")
        }
        guard onlineCPUs.allSatisfy({ (0..<RecordedRun.maximumCPUs).contains($0) }) else {
            throw fields.error("cpus_online", "names CPUs that cannot be")
        }
    }
}

extension CPUTopology {
    init(_ fields: JSONFields) throws(RunReadError) {
        func lists(_ name: String) throws(RunReadError) -> [[Int]] {
            var lists: [[Int]] = []
            var cpus = 0
            for text in try fields.strings(name) {
                lists.append(CPUList.numbers(text))
                cpus += lists[lists.count - 1].count
                // Each CPU is in one list: more take longer to read than a run is worth.
                guard cpus <= CPUList.mostCPUs, lists.count <= CPUList.mostCPUs else {
                    throw fields.error(name, "names CPUs twice")
                }
            }
            return lists
        }
        self.init(
            sockets: try lists("sockets"), nodes: try lists("numa_nodes"), caches: try lists("l3"),
            cores: try lists("cores"))
    }
}

extension AttachRow {
    /// nil for a series that this version does not know.
    init?(_ fields: JSONFields) throws(RunReadError) {
        let name = SeriesName(
            lock: try fields.string("lock"), metric: try fields.string("metric"), site: try fields.string("site"))
        guard let key = name.key else { return nil }
        guard let mode = Mode(rawValue: try fields.string("mode")) else { throw fields.error("mode", "is no mode") }
        let digits = try fields.optionalString("address")
        let address = digits.flatMap { $0.hasPrefix("0x") ? UInt64($0.dropFirst(2), radix: 16) : nil }
        guard (address == nil) == (digits == nil) else { throw fields.error("address", "is no address") }
        self.init(
            key: key, mode: mode, program: try fields.string("program"), function: try fields.string("function"),
            address: address, required: try fields.bool("required"), reason: try fields.string("reason"),
            hint: try fields.string("hint"))
    }
}

extension RecordedEnd {
    /// nil while the run goes on.
    init?(_ fields: JSONFields, hasCommand: Bool) throws(RunReadError) {
        let closing = try fields.object("end")
        switch try closing.string("reason") {
        case "running": return nil
        case "finished": end = .finished
        case "command_exited": end = .commandExited
        case "failed": end = .failed(message: try closing.optionalString("message") ?? "")
        case "interrupted":
            guard let signal = StopSignal(rawValue: try closing.string("signal")) else {
                throw closing.error("signal", "is no signal that ends a run")
            }
            end = .interrupted(signal)
        default: throw closing.error("reason", "is none that this version knows")
        }
        intervals = try closing.integer("intervals")
        guard intervals >= 0 else { throw closing.error("intervals", "is negative") }
        monotonic = try closing.integer("monotonic_ns")
        realtime = try closing.integer("realtime_ns")
        guard hasCommand else {
            command = nil
            return
        }
        let ended = try fields.object("command")
        if let status: Int32 = try ended.optionalInteger("exit_status") {
            command = .exited(status: status)
        } else {
            command = try ended.optionalInteger("signal").map { CommandEnd.killed(signal: $0) }
        }
    }
}
