/// An interval as a history keeps it: numbers of the machine, without histograms.
public struct Moment: Sendable {
    /// Of the interval.
    public let sequence: Int
    /// CLOCK_REALTIME at its end, nanoseconds since 1970 UTC.
    public let endRealtime: Int64
    /// CLOCK_MONOTONIC at its end, nanoseconds.
    public let endMonotonic: UInt64
    /// Nanoseconds.
    public let elapsed: UInt64
    public let verdict: LockVerdict
    public let trust: Trust
    public let sheet: CostSheet
    /// nil where nobody did anything, or nobody is known.
    public let who: WhoSheet?
    /// In the order of the history's series.
    public let points: [SeriesPoint]
    /// By CPU, of the history's metric; nothing where it is not known by CPU.
    public internal(set) var cpus: CPUValues

    /// The numbers of a row.
    public subscript(_ row: CostRow) -> CostNumbers { sheet[row] }
}

/// One series in a moment, in few bytes, for there are many: seven digits are more than any view shows.
public struct SeriesPoint: Sendable, Equatable {
    public let mode: Mode
    private let values: SIMD8<Float>

    /// A second; of a share the share, 0...1. nil is "not known", here and below.
    public var rate: Double? { value(0) }
    /// Nanoseconds a second.
    public var time: Double? { value(1) }
    /// Nanoseconds; nil also where nothing was timed.
    public var p50: Double? { value(2) }
    public var p99: Double? { value(3) }
    public var longest: Double? { value(4) }
    /// Events known to be lost.
    public var lost: Double? { value(5) }

    init(_ series: SeriesInterval, in interval: Interval) {
        mode = series.mode
        let durations = series.all?.histogram.flatMap { $0.count > 0 ? $0 : nil }
        let rate = series.all.flatMap { delta in
            delta.share.map(\.value) ?? interval.rate(delta.count, of: series)
        }
        let time = series.all?.nanoseconds.map { interval.rate($0, of: series) }
        let whole = [durations?.percentile(0.5), durations?.percentile(0.99), durations?.maximum, series.lost]
        var values = SIMD8<Float>(repeating: .nan)
        for (index, value) in ([rate, time] + whole.map { $0.map { Double($0) } }).enumerated() {
            if let value { values[index] = Float(value) }
        }
        self.values = values
    }

    private func value(_ index: Int) -> Double? { values[index].isNaN ? nil : Double(values[index]) }

    public static func == (left: SeriesPoint, right: SeriesPoint) -> Bool {
        left.mode == right.mode && (0..<8).allSatisfy { left.value($0) == right.value($0) }
    }
}

/// A number for each CPU, where there is one: in four bytes each, for there are many.
public struct CPUValues: Sendable, Equatable {
    private let values: [Float]

    /// - Parameter values: nil where nothing is known of the CPU.
    public init(_ values: [Double?]) { self.values = values.map { $0.map { Float($0) } ?? .nan } }

    public var count: Int { values.count }

    /// nil where nothing is known.
    public subscript(_ cpu: Int) -> Double? {
        guard values.indices.contains(cpu), !values[cpu].isNaN else { return nil }
        return Double(values[cpu])
    }

    public static func == (left: CPUValues, right: CPUValues) -> Bool {
        left.count == right.count && left.values.indices.allSatisfy { left[$0] == right[$0] }
    }
}
