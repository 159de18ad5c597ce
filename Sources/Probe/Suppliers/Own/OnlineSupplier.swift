import Contention

/// Which CPUs are online.
final class OnlineSupplier: SeriesSupplier {
    private var online: [UInt64] = []

    func offer(_ key: SeriesKey) -> Offer? { key.metric == .cpusOnline ? .read() : nil }
    func refresh(_ moment: ReadingMoment) { online = moment.online }
    func value(_ key: SeriesKey) -> ReadingValue { .levels(online) }
}
