/// One way to compare runs by a metric.
public struct MeasureRow: Sendable {
    /// Where it stands in the table of a comparison.
    let place: Int
    let quantity: Quantity
    /// What it is divided by, the best first.
    let per: [Denominator]
    /// A measure for each site, not one for all of them together.
    let isBySite: Bool
    /// Only where more is asked for. Few are compared otherwise, because every further test makes it harder for each of
    /// them to show a difference.
    let isDetail: Bool

    /// Events.
    static func count(_ place: Int, per: [Denominator], bySite: Bool = false, isDetail: Bool = false) -> MeasureRow {
        MeasureRow(place: place, quantity: .count, per: per, isBySite: bySite, isDetail: isDetail)
    }

    /// Nanoseconds.
    static func time(_ place: Int, per: [Denominator], bySite: Bool = false, isDetail: Bool = false) -> MeasureRow {
        MeasureRow(place: place, quantity: .nanoseconds, per: per, isBySite: bySite, isDetail: isDetail)
    }
}
