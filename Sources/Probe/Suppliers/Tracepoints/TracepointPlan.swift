import CProbe
import Contention

/// Waits that are had by the contention tracepoints, where this kernel has no better way to them.
struct TracepointPlan {
    /// The programs, by the names of bpf/contention.bpf.c and in the order of `ms_contention_program`.
    static let programs = ["contention_begins", "contention_ends"]

    /// The series that come of it; none where nothing is to be attached.
    let keys: Set<SeriesKey>
    let configuration: ms_contention_config
    /// By subject: what the numbers are, in words.
    private let notes: [Subject: String]

    /// - Parameter exact: what the better ways give; every series of `candidates` may be asked for.
    init(
        _ kernel: KernelMap, _ facilities: Facilities, choice: AttachChoice, exact: (SeriesKey) -> Offer?
    ) {
        var config = ms_contention_config()
        config.spinlock = (kernel.mountLock.address ?? 0) + UInt64(kernel.spinlockOffset)
        config.semaphore = kernel.namespaceSem.address ?? 0
        config.user_registers = kernel.userRegisters ?? 0
        config.table_show = kernel.tableShow
        config.sleeps = kernel.isRealtime ? 1 : 0
        configuration = config
        notes = [.mountLock: Self.lockNote(kernel), .namespaceSem: Self.semaphoreNote]
        let isThere = kernel.symbols.only(named: Self.tracepoint) != nil && facilities.tracepointRefusal == nil
        guard choice.allows(.tracepoint), isThere, kernel.mountLock.address != nil else {
            keys = []
            return
        }
        keys = Set(
            Self.candidates.filter { key in
                // For the one operation whose function refuses probes they would cost every contended lock of the machine.
                let better = key.metric.sites.map { SeriesKey(key.metric, site: $0) }
                guard better.allSatisfy({ exact($0).map { $0.mode == .unavailable } ?? true }) else { return false }
                return key.metric == .lockWait || (config.semaphore != 0 && kernel.userRegisters != nil)
            })
    }

    private init(_ plan: TracepointPlan, keys: Set<SeriesKey>) {
        self.keys = keys
        configuration = plan.configuration
        notes = plan.notes
    }

    /// The same plan, of programs that the kernel refused.
    var refused: TracepointPlan { TracepointPlan(self, keys: []) }

    /// In the kernel's text, where the tracepoint is called: kernels before 5.19 have none.
    static let tracepoint = "__traceiter_contention_begin"

    /// Every series that tracepoints can give. The expiry of mounts runs in a worker and is among `other`.
    static let candidates: [SeriesKey] =
        [SeriesKey(.lockWait, site: Metric.either)]
        + (Metric.readWait.sites.map { SeriesKey(.readWait, site: $0) })
        + (Metric.writeWait.sites.filter { $0 != "expiry" }.map { SeriesKey(.writeWait, site: $0) })

    /// The histogram that a series is kept in.
    static func histogram(_ key: SeriesKey) -> Int? {
        guard let site = key.metric.sites.firstIndex(of: key.site) else { return nil }
        switch key.metric {
        case .lockWait: return key.site == Metric.either ? Int(MS_CONTENDED_LOCK.rawValue) : nil
        case .readWait: return Int(MS_CONTENDED_READ.rawValue) + site
        case .writeWait: return Int(MS_CONTENDED_WRITE.rawValue) + site
        default: return nil
        }
    }

    /// Whether a series has a row on this kernel: waits for mount_lock are either told apart or not.
    func shows(_ key: SeriesKey) -> Bool {
        guard key.metric == .lockWait else { return true }
        return keys.contains(SeriesKey(.lockWait, site: Metric.either)) == (key.site == Metric.either)
    }

    func offer(_ key: SeriesKey) -> Offer? {
        guard keys.contains(key) else { return nil }
        return Offer(
            mode: .estimated, programs: Self.programs, reason: "", note: notes[key.metric.subject] ?? "")
    }

    /// The series' rows of the attach table, in this order.
    func rows(_ keys: [SeriesKey]) -> [AttachRow] {
        keys.compactMap { key in
            offer(key).map { offer in
                AttachRow(
                    key: key, mode: offer.mode, program: "raw_tracepoint",
                    function: "contention_begin, contention_end",
                    address: key.metric == .lockWait ? configuration.spinlock : configuration.semaphore,
                    required: false, reason: offer.note, hint: "")
            }
        }
    }

    private static let semaphoreNote =
        "by contention tracepoints, a lower bound: waits that end while the owner is spun on, or that are granted early, "
        + "are not traced"

    private static func lockNote(_ kernel: KernelMap) -> String {
        let which =
            switch kernel.lockSlowFunction {
            case _ where kernel.isRealtime: "every wait, those of blocked readers too"
            case .some("__pv_queued_spin_lock_slowpath"): "this kernel's slow path traces every wait"
            case .some:
                "a lower bound: the first that waits behind a holder is not traced, and nobody where a hypervisor has the "
                    + "spinlocks without a queue"
            case .none: "a lower bound: not every slow path traces its waits"
            }
        return "by contention tracepoints, writers and exclusive readers together; \(which)"
    }
}
