import CProbe
import Contention

extension Histogram {
    /// What one CPU's programs gathered.
    init(_ raw: ms_histogram) {
        guard raw.count > 0 else {
            self = .empty
            return
        }
        let buckets = withUnsafeBytes(of: raw.buckets) { Array($0.bindMemory(to: UInt64.self)) }
        self.init(count: raw.count, sum: raw.sum_ns, maximum: raw.max_ns, buckets: buckets)
    }
}
