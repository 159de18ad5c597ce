/// What people ask of the locks, a row each: events, their time, percentiles and the longest, in one vocabulary.
///
/// A row joins the series of one or two metrics; the series are its sites.
public enum CostRow: String, Sendable, CaseIterable {
    case writeSections = "write sections"
    case exclusive = "exclusive"
    case lockWaits = "lock waits"
    case readerSpins = "reader spins"
    case readRetries = "read retries"
    case walksAgain = "walks again"
    case tablePages = "mount table pages"
    case otherReaders = "other readers"
    case writers = "mounts (writers)"
    case readerWaits = "waits of readers"
    case writerWaits = "waits of writers"

    /// The lock that it is about.
    public var lock: Subject {
        switch self {
        case .writeSections, .exclusive, .lockWaits, .readerSpins, .readRetries, .walksAgain: .mountLock
        case .tablePages, .otherReaders, .writers, .readerWaits, .writerWaits: .namespaceSem
        }
    }

    /// What its events are counted by.
    public var counter: Metric {
        switch self {
        case .writeSections: .writeSections
        case .exclusive: .exclusiveAcquires
        case .lockWaits: .lockWait
        case .readerSpins: .readerSpins
        case .readRetries: .readRetries
        case .walksAgain: .walkFallbacks
        case .tablePages, .otherReaders: .readHold
        case .writers: .semaphoreWriteHold
        case .readerWaits: .readWait
        case .writerWaits: .writeWait
        }
    }

    /// What tells their time; nil where nothing does.
    var timer: Metric? {
        switch self {
        case .writeSections: .writeHold
        case .exclusive: .exclusiveHold
        case .readerSpins: .spinTime
        case .readRetries, .walksAgain: nil
        default: counter
        }
    }

    /// What names who did it: its sites are the parts of the row.
    public var parts: Metric { self == .writeSections ? .writeAcquires : counter }

    /// The sampled share that tells the time where nothing is timed, and how it is to be read.
    var standIn: (share: Metric, mark: Mark)? {
        switch self {
        // One holder at a time.
        case .writeSections: (.writeDuty, .about)
        case .writers: (.semaphoreWriteDuty, .about)
        // One waits, or reads, at least.
        case .lockWaits: (.lockQueue, .atLeast)
        case .tablePages: (.semaphoreReadDuty, .atLeast)
        default: nil
        }
    }

    private static let tables: Set<String> = ["mountinfo", "mounts", "mountstats"]

    /// Whether a site of `counter` or `timer` belongs to the row.
    func includes(_ site: String) -> Bool {
        switch self {
        case .tablePages: CostRow.tables.contains(site)
        case .otherReaders: !CostRow.tables.contains(site)
        default: true
        }
    }
}
