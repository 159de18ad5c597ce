/// Who did what to the locks in an interval: those that cost others and themselves most, as many as a screen has lines.
public struct WhoSheet: Sendable, Equatable {
    /// One process, or what stands for several. A second; nil is "not known".
    public struct Line: Sendable, Equatable {
        public let name: String
        /// What it lives in: a container, a pod, a unit; empty of the others.
        public let container: String
        public let writes: Double?
        /// Nanoseconds.
        public let writeHold: Double?
        public let reads: Double?
        public let readHold: Double?
        public let suffered: Double?
        public let waited: Double?
    }

    public let lines: [Line]
    /// Actors that did something and have no line.
    public let more: Int
    /// Of all actors, a second.
    private let writes: Double
    private let waited: Double

    /// Lines that are kept.
    public static let most = 24

    /// - Parameters:
    ///   - run: everything so far: it knows the names.
    ///   - elapsed: nanoseconds of the interval.
    /// - Returns: nil where nobody did anything, or nobody is known.
    public init?(_ batch: RecordBatch, _ run: RecordTotals, elapsed: UInt64) {
        let groups = run.grouped(batch, by: .process)
        guard !groups.isEmpty else { return nil }
        func rate(_ value: UInt64?) -> Double? { value.map { Double($0) * 1e9 / Double(max(1, elapsed)) } }
        lines = groups.prefix(WhoSheet.most).map { group in
            Line(
                name: group.name, container: group.actor?.containerName ?? "", writes: rate(group.writes),
                writeHold: rate(group.writeHold), reads: rate(group.reads), readHold: rate(group.readHold),
                suffered: rate(group.suffered), waited: rate(group.waited))
        }
        more = groups.count - lines.count
        writes = groups.reduce(0) { $0 + (rate($1.writes) ?? 0) }
        waited = groups.reduce(0) { $0 + (rate($1.waited) ?? 0) }
    }

    /// Those that write most, each with its part of all writes, 0...1.
    public var writers: [(name: String, share: Double)] { shares(of: writes) { $0.writes } }

    /// Those that wait longest, each with its part of all waits, 0...1.
    public var victims: [(name: String, share: Double)] { shares(of: waited) { $0.waited } }

    private func shares(of whole: Double, _ value: (Line) -> Double?) -> [(name: String, share: Double)] {
        guard whole > 0 else { return [] }
        let parts = lines.map { (name: $0.name, share: (value($0) ?? 0) / whole) }.filter { $0.share > 0 }
        return parts.enumerated().sorted { left, right in
            left.element.share == right.element.share
                ? left.offset < right.offset : left.element.share > right.element.share
        }.map(\.element)
    }

    /// Roughly what it takes of memory.
    var bytes: Int {
        lines.reduce(64) { $0 + MemoryLayout<Line>.stride + $1.name.utf8.count + $1.container.utf8.count }
    }
}
