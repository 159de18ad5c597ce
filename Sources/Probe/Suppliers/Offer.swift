import Contention

/// How a supplier gives a series, or why it does not.
struct Offer: Equatable {
    let mode: Mode
    /// What feeds it; without one of them it is not known.
    let programs: [String]
    /// Why it is unavailable; empty where it is not.
    let reason: String
    /// What its mode means; empty for exact.
    var note = ""

    static func unavailable(_ reason: String) -> Offer { Offer(mode: .unavailable, programs: [], reason: reason) }

    /// A reading that needs no program.
    static func read(_ mode: Mode = .exact) -> Offer { Offer(mode: mode, programs: [], reason: "") }
}

/// Which of several ways to a series is taken.
enum OfferChoice {
    /// The place of the best: what counts every event before what stands in for it, and both before samples; of equally good
    /// ones the first, which is preferred. What is not to be had is chosen only where nothing is, and then for its reason:
    /// that of the first.
    /// - Parameter offers: in the order of preference; nil from suppliers that know nothing of the series.
    static func best(_ offers: [Offer?]) -> Int? {
        let known = offers.indices.filter { offers[$0] != nil }
        return known.min { rank(offers[$0]) < rank(offers[$1]) }
    }

    private static func rank(_ offer: Offer?) -> Int {
        switch offer?.mode {
        case .exact: 0
        case .estimated: 1
        case .sampled: 2
        case .unavailable, nil: 3
        }
    }
}
