import CProbe
import Glibc
import SystemCalls

/// Which processes are gone: their rows can be taken out of the tables, since nothing can be added to them any more.
///
/// A process is looked for first, then the tables are read, then its rows are taken: what it added last is in what was read.
struct Departures {
    /// Whether /proc has the processes that the programs see.
    private let isHostsPIDNamespace: Bool
    /// What each process had counted at the latest reading, and whether nothing was added since the one before.
    private var known: [Identity: (count: UInt64, idle: Bool)] = [:]
    /// Those that were gone before the latest reading.
    private var gone: [Identity] = []
    private let isRunning: (_ process: UInt32, _ start: UInt64) -> Bool

    /// Processes that are looked for between two readings, at most: each takes some ten microseconds.
    static let looksAtMost = 2000

    init(
        isHostsPIDNamespace: Bool, isRunning: @escaping (UInt32, UInt64) -> Bool = Departures.isRunning
    ) {
        self.isHostsPIDNamespace = isHostsPIDNamespace
        self.isRunning = isRunning
    }

    /// What was read.
    mutating func note(_ rows: [(key: ms_actor_key, value: ms_actor_row)]) {
        var now: [Identity: (count: UInt64, idle: Bool)] = [:]
        for (key, row) in rows {
            var entry = now[Identity(key)] ?? (0, false)
            entry.count &+= row.count &+ row.sum_ns
            now[Identity(key)] = entry
        }
        for (identity, entry) in now { now[identity]?.idle = known[identity]?.count == entry.count }
        known = now
    }

    /// Those that were gone before the latest reading; then looks which idle ones are gone now.
    mutating func harvest() -> Set<Identity> {
        let departed = Set(gone)
        for identity in gone { known[identity] = nil }
        let idle = isHostsPIDNamespace ? known.filter(\.value.idle).map(\.key).prefix(Self.looksAtMost) : []
        gone = idle.filter { !isRunning($0.process, $0.start) }
        return departed
    }

    /// The first namespace of processes has a fixed number (include/linux/proc_ns.h, PROC_PID_INIT_INO).
    static var isHostsPIDNamespace: Bool {
        var status = stat()
        return stat("/proc/self/ns/pid", &status) == 0 && status.st_ino == 0xEFFF_FFFC
    }

    /// Whether the process of this number is the one that started then.
    static func isRunning(_ process: UInt32, _ start: UInt64) -> Bool {
        do throws(Errno) {
            let text = try readText("/proc/\(process)/stat")
            // The name stands in brackets, and may hold some itself.
            guard let end = text.lastIndex(of: ")") else { return true }
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 19, let ticks = UInt64(fields[19]) else { return true }
            let hertz = UInt64(max(sysconf(Int32(_SC_CLK_TCK)), 1))
            return ticks == start / (1_000_000_000 / hertz)
        } catch { return error.code != ENOENT && error.code != ESRCH }
    }
}
