import CProbe
import Contention
import Glibc

/// Copies the per-CPU maps out of the kernel and makes readings of them.
struct CounterReader {
    let possibleCPUs: Int
    private let programs: (any LoadedObject)?
    private var counters: [ms_counters]
    /// Hits by CPU and program, which the programs write; nil where there are none.
    private let runs: UnsafeRawBufferPointer?
    /// Hits by `ms_program`.
    private var hits: [UInt64]
    /// Of pages, by `ms_table`, then by CPU.
    private var waits: [[Histogram]]
    private var holds: [[Histogram]]
    private var buffer: [ms_page_times]

    init(programs: (any LoadedObject)?, possibleCPUs: Int) {
        self.possibleCPUs = possibleCPUs
        self.programs = programs
        counters = Array(repeating: ms_counters(), count: possibleCPUs)
        let bytes = Int(MS_RUN_ROWS) * MemoryLayout<ms_runs>.stride
        runs = programs?.mapMemory(FunctionPrograms.runsMap, bytes: bytes).map {
            UnsafeRawBufferPointer(start: $0, count: bytes)
        }
        hits = Array(repeating: 0, count: Int(MS_PROGRAM_ROOM))
        buffer = programs == nil ? [] : Array(repeating: ms_page_times(), count: possibleCPUs)
        waits = Array(repeating: Array(repeating: .empty, count: possibleCPUs), count: Int(MS_TABLES.rawValue))
        holds = waits
    }

    /// Copies everything as it is now.
    mutating func refresh() throws(ProbeError) {
        guard let programs else { return }
        var error = counters.withUnsafeMutableBytes { programs.readElement("counters", key: 0, into: $0) }
        for table in holds.indices where error == 0 {
            error = buffer.withUnsafeMutableBytes { programs.readElement("page_times", key: UInt32(table), into: $0) }
            for cpu in 0..<possibleCPUs {
                if buffer[cpu].wait.count != waits[table][cpu].count { waits[table][cpu] = Histogram(buffer[cpu].wait) }
                if buffer[cpu].hold.count != holds[table][cpu].count { holds[table][cpu] = Histogram(buffer[cpu].hold) }
            }
        }
        guard error == 0, let runs else {
            throw ProbeError(.failed, "cannot read the eBPF maps: \(errnoText(error == 0 ? -ENOMEM : error))")
        }
        let counts = runs.bindMemory(to: UInt64.self)
        for program in hits.indices {
            hits[program] = stride(from: program, to: counts.count, by: hits.count).reduce(0) { $0 + counts[$1] }
        }
    }

    /// A series that a program counts or times.
    func value(_ key: SeriesKey) -> ReadingValue {
        guard let site = key.metric.sites.firstIndex(of: key.site) else { return .unavailable(reason: "no such site") }
        switch key.metric {
        case .readRetries: return .counts(counters.map { $0[\.read_retries, site] })
        case .walkFallbacks: return .counts(counters.map { $0[\.walk_fallbacks, site] })
        case .readWait: return .histograms(waits[site])
        case .readHold: return .histograms(holds[site])
        default: return .unavailable(reason: "no program counts it")
        }
    }

    /// Hits of a program. m_start and m_stop are hit once for each page and have no counter of their own: pages are counted.
    func hits(_ program: String) -> UInt64 {
        if program == "m_start" || program == "m_stop" { return pages }
        guard let index = FunctionPrograms.all.firstIndex(of: program) else { return 0 }
        return hits[index]
    }

    /// Pages of all mount tables, timed or lost.
    private var pages: UInt64 {
        let timed = holds.joined().reduce(0) { $0 + $1.count }
        let rejected = (0..<Int(MS_TABLES.rawValue)).reduce(timed) { $0 + impossible($1) }
        return (0...Int(MS_TABLES.rawValue)).reduce(rejected) { $0 + unmatched($1) }
    }

    /// Pages of a mount table that could not be matched; `table` 3 is those of no known table.
    func unmatched(_ table: Int) -> UInt64 { counters.reduce(0) { $0 + $1[\.unmatched, table] } }

    /// Pages of a mount table that found no room.
    func mapFull(_ table: Int) -> UInt64 { counters.reduce(0) { $0 + $1[\.map_full, table] } }

    /// Pages of a mount table whose wait or hold ran backwards or was longer than a histogram reaches.
    func impossible(_ table: Int) -> UInt64 { counters.reduce(0) { $0 + $1[\.impossible, table] } }

    /// Validations that failed and whose callers the kernel did not tell.
    var stacksMissing: UInt64 { counters.reduce(0) { $0 + $1.stacks_missing } }

    /// Calls of prepend_path not compared because the table of tasks had no room.
    var pathsFull: UInt64 { counters.reduce(0) { $0 + $1.paths_full } }
}

extension ms_counters {
    /// An element of one of the struct's arrays, which Swift sees as tuples.
    fileprivate subscript<Tuple>(_ field: KeyPath<ms_counters, Tuple>, _ index: Int) -> UInt64 {
        withUnsafeBytes(of: self[keyPath: field]) { $0.bindMemory(to: UInt64.self)[index] }
    }
}
