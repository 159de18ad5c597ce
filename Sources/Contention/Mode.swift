/// Where a number comes from; shown beside it in every output.
public enum Mode: String, Sendable, CaseIterable {
    /// Every event counted.
    case exact
    /// From samples, with a confidence interval.
    case sampled
    /// A bound or a stand-in; the attach table says which.
    case estimated
    /// Not to be had on this kernel; the attach table says why. Its cells are empty, never 0.
    case unavailable
}
