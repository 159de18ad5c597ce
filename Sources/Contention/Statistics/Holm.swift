/// Probabilities of several tests, corrected for their number.
///
/// Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979): of all
/// tests together, however they depend on one another, the chance of any false finding stays below the level that each
/// corrected p is held against.
public enum Holm {
    /// The corrected probabilities, in the order of `values`, each at most 1.
    public static func adjusted(_ values: [Double]) -> [Double] {
        var adjusted = values
        var least = 0.0
        for (position, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
            least = max(least, min(1, values[index] * Double(values.count - position)))
            adjusted[index] = least
        }
        return adjusted
    }
}
