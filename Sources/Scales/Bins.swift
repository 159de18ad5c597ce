/// How many things become few: steps of time, CPUs, buckets.
public enum Bins {
    /// Neighbours joined into at most so many bins, which differ in size by one at most: for steps of time.
    public static func even(_ count: Int, into most: Int) -> [Range<Int>] {
        let shown = max(0, min(count, most))
        return (0..<shown).map { index in index * count / shown..<(index + 1) * count / shown }
    }

    /// Neighbours joined into at most so many bins of one size, but the last: for things that are counted, as CPUs are.
    public static func equal(_ count: Int, into most: Int) -> [Range<Int>] {
        guard count > 0, most > 0 else { return [] }
        let size = (count + most - 1) / most
        return stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
    }
}

/// Bars of a few heights: the blocks of a terminal.
public struct BarScale: Equatable, Sendable {
    private let highest: Double
    private let levels: Int

    /// - Parameters:
    ///   - highest: the value of the highest bar.
    ///   - levels: how many heights there are.
    public init(upTo highest: Double, levels: Int) {
        self.highest = highest
        self.levels = levels
    }

    /// 0 for nothing at all; what happened is higher, however little it was.
    public func level(_ value: Double) -> Int {
        guard value > 0 else { return 0 }
        guard highest > 0 else { return 1 }
        return min(levels - 1, max(1, Int((value / highest * Double(levels - 1)).rounded())))
    }
}
