import Contention

/// Gives series: knows what can be had on this kernel and how, attaches, reads and detaches.
///
/// Its life: it is made with a plan; `attach` carries the plan out as far as the kernel lets it; then it is refreshed for each
/// snapshot and asked for values; `close` ends it. `foresee` stands for `attach` where nothing is to be attached.
protocol SeriesSupplier: AnyObject {
    /// Places that it will attach to: what takes time and open files.
    var placeCount: Int { get }
    /// - Parameter earlier: the suppliers before it, attached.
    /// - Throws: `ProbeError`, and what `progress` throws; then nothing of it stays attached.
    func attach(beside earlier: EarlierSuppliers, _ progress: inout AttachProgress) throws
    /// What will become of the plan, as far as that can be told without trying.
    func foresee(beside earlier: EarlierSuppliers)
    /// The places or classes that a metric is split by here; nil where it knows nothing special of it.
    func sites(of metric: Metric) -> [String]?
    /// How it gives a series; nil for one that it knows nothing of. Does not change between two withdrawals.
    func offer(_ key: SeriesKey) -> Offer?
    /// The rows of the attach table of one of its series.
    func rows(_ key: SeriesKey) -> [AttachRow]
    /// How much is attached, by kind.
    var points: AttachedPoints { get }

    /// Everything is attached: what counts by itself counts from here on.
    /// - Parameter prices: what a run of each kind of program costs.
    /// - Throws: `ProbeError` where it cannot be read.
    func begin(_ prices: ProbePrices) throws
    /// Copies what has been counted so far. Attaches and detaches nothing.
    /// - Throws: `ProbeError` where it can no longer be read.
    func refresh(_ moment: ReadingMoment) throws(ProbeError)
    /// As of the latest refresh.
    func value(_ key: SeriesKey) -> ReadingValue
    /// Events of a series that are known to be lost; nil where that cannot be known.
    func lost(_ key: SeriesKey) -> UInt64?
    /// Everything that its programs lost for one cause.
    func lost(_ cause: LossCause) -> LossCount
    /// Its programs that are attached, with their runs.
    var programs: [AttachedProgram] { get }

    /// What the kernel itself has timed of one of its programs; nil of any other, and where it does not say.
    func runTime(_ program: String) -> RunTime?

    /// Lets CPUs that have come online be measured.
    func follow(_ online: [UInt64])
    /// Takes a program off everything it is attached to, for good, where it is one of its own; returns at once.
    func detach(_ program: String)
    /// Programs, of whatever supplier, were taken off: what stands in for them may begin.
    /// - Throws: `ProbeError`
    func compensate(for programs: [String]) throws
    func close()
}

/// What a supplier need not do.
extension SeriesSupplier {
    var placeCount: Int { 0 }
    func attach(beside earlier: EarlierSuppliers, _ progress: inout AttachProgress) throws {}
    func foresee(beside earlier: EarlierSuppliers) {}
    func sites(of metric: Metric) -> [String]? { nil }
    func rows(_ key: SeriesKey) -> [AttachRow] { [] }
    var points: AttachedPoints { AttachedPoints() }
    func begin(_ prices: ProbePrices) throws {}
    func lost(_ key: SeriesKey) -> UInt64? { 0 }
    func lost(_ cause: LossCause) -> LossCount { .none }
    var programs: [AttachedProgram] { [] }
    func follow(_ online: [UInt64]) {}
    func runTime(_ program: String) -> RunTime? { nil }
    func detach(_ program: String) {}
    func compensate(for programs: [String]) throws {}
    func close() {}
}

/// What all suppliers read for the same snapshot.
struct ReadingMoment {
    /// 1 for each possible CPU that is online.
    let online: [UInt64]
}
