import Contention

/// What the suppliers before one give: it may be needless, or be in each other's way.
struct EarlierSuppliers {
    /// The best way to a series; nil where nobody knows of it.
    let offer: (SeriesKey) -> Offer?
    /// The programs that are attached.
    let programs: [String]
}
