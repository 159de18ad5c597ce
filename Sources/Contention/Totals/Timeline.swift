/// A series in at most `Timeline.steps` steps of time, however long the run is.
public struct Timeline: Sendable, Equatable {
    /// How many steps there are at most; when they are full, two at a time become one.
    public static let steps = 128
    /// By step: events.
    public internal(set) var counts: [UInt64] = []
    /// By step: nanoseconds in which they were known; of a share the whole.
    public internal(set) var bases: [UInt64] = []
    /// By step: the greatest of an interval, in the unit of `values`; below 0 where nothing was known.
    public internal(set) var peaks: [Double] = []

    /// By step: events a nanosecond, or the share; nil where nothing was known.
    public var values: [Double?] {
        zip(counts, bases).map { $1 > 0 ? Double($0) / Double($1) : nil }
    }

    /// By step: the greatest interval, in the unit of `values`; nil where nothing was known.
    public var maxima: [Double?] { peaks.map { $0 < 0 ? nil : $0 } }

    mutating func add(_ count: UInt64, base: UInt64, step: Int) {
        while counts.count <= step {
            counts.append(0)
            bases.append(0)
            peaks.append(-1)
        }
        counts[step] &+= count
        bases[step] &+= base
        if base > 0 { peaks[step] = max(peaks[step], Double(count) / Double(base)) }
    }

    /// Two steps become one.
    mutating func halve() {
        counts = halved(counts, &+)
        bases = halved(bases, &+)
        peaks = halved(peaks, max)
    }
}

/// Neighbours joined, two at a time; the last stays where it has none.
func halved<Value>(_ values: [Value], _ join: (Value, Value) -> Value) -> [Value] {
    stride(from: 0, to: values.count, by: 2).map {
        $0 + 1 < values.count ? join(values[$0], values[$0 + 1]) : values[$0]
    }
}
