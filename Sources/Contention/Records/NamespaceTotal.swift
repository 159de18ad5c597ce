/// A mount namespace over a run: its latest state, how its mounts went, and what happened to it.
public struct NamespaceTotal: Sendable, Equatable {
    public let key: MountNamespace
    /// Its latest state; the events of the whole run.
    public private(set) var row: NamespaceRow
    /// CLOCK_MONOTONIC of the latest look, nanoseconds.
    public private(set) var lastSeen: UInt64 = 0
    /// The most mounts that were seen.
    public private(set) var mostMounts: UInt64?
    private var samples: [Sample] = []
    /// Looks that a sample stands for.
    private var stride = 1
    private var looks = 0

    private struct Sample: Sendable, Equatable {
        let moment: UInt64
        let mounts: UInt64
    }

    static let mostSamples = 60

    init(_ key: MountNamespace) {
        self.key = key
        row = NamespaceRow(key)
    }

    mutating func add(_ row: NamespaceRow, at moment: UInt64) {
        self.row = lastSeen == 0 ? row : self.row.adding(row) ?? row
        lastSeen = moment
        guard let mounts = row.mounts else { return }
        mostMounts = max(mostMounts ?? 0, mounts)
        if looks % stride == 0 { samples.append(Sample(moment: moment, mounts: mounts)) }
        looks += 1
        if samples.count > Self.mostSamples {
            samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            stride *= 2
        }
    }

    /// Mounts an hour that it gains: the median of the slopes between every two looks (Theil and Sen), which a burst does
    /// not move. nil for fewer than three looks.
    public var growth: Double? {
        guard samples.count >= 3 else { return nil }
        var slopes: [Double] = []
        for (index, first) in samples.enumerated() {
            for second in samples[(index + 1)...] where second.moment > first.moment {
                let hours = Double(second.moment - first.moment) / 3_600e9
                slopes.append((Double(second.mounts) - Double(first.mounts)) / hours)
            }
        }
        guard !slopes.isEmpty else { return nil }
        slopes.sort()
        let middle = slopes.count / 2
        return slopes.count % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2
    }

    /// Nanoseconds from the first look to the latest.
    public var watched: UInt64 { samples.first.map { lastSeen - min(lastSeen, $0.moment) } ?? 0 }
}
