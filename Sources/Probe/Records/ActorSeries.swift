import CProbe
import Contention

/// Which series the rows of an actor count in: numbers of `ms_actor_series`, and what each adds to.
struct ActorSeries {
    /// What a row adds to a series.
    struct Part: Equatable {
        let key: SeriesKey
        var count = true
        var time = false
        /// Of the actor's tasks, while they held.
        var switches = false
    }

    private let parts: [UInt32: [Part]]

    /// - Parameters:
    ///   - plan: what slots belong to; nil where no program is on an instruction.
    ///   - isCounted: whether a series comes from the programs that count by actor.
    init(_ plan: LockSitePlan?, isCounted: (SeriesKey) -> Bool) {
        var parts: [UInt32: [Part]] = [:]
        func add(_ first: ms_actor_series, _ index: Int, _ part: Part) {
            guard isCounted(part.key) else { return }
            parts[first.rawValue + UInt32(index), default: []].append(part)
        }
        for (index, site) in Metric.readRetries.sites.enumerated() {
            add(MS_ACTOR_RETRY, index, Part(key: SeriesKey(.readRetries, site: site)))
        }
        for (index, site) in Metric.walkFallbacks.sites.enumerated() {
            add(MS_ACTOR_FALLBACK, index, Part(key: SeriesKey(.walkFallbacks, site: site)))
        }
        for (index, table) in Metric.readHold.sites.prefix(Int(MS_TABLES.rawValue)).enumerated() {
            add(
                MS_ACTOR_PAGE_HOLD, index,
                Part(key: SeriesKey(.readHold, site: table), time: true, switches: true))
            // A page that was had at once waited no time.
            add(MS_ACTOR_PAGE_HOLD, index, Part(key: SeriesKey(.readWait, site: table)))
            add(MS_ACTOR_PAGE_WAIT, index, Part(key: SeriesKey(.readWait, site: table), count: false, time: true))
        }
        for key in SeriesKey.all {
            guard let histogram = LockSiteReader.histogram(key), key.metric != .writeHold, key.metric != .exclusiveHold
            else { continue }
            add(MS_ACTOR_DURATION, histogram, Part(key: key, time: true))
        }
        for (metric, hold) in [(Metric.writeAcquires, Metric.writeHold), (.exclusiveAcquires, .exclusiveHold)] {
            for function in plan?.functions(of: metric) ?? [] {
                let key = SeriesKey(metric, site: function)
                guard let slot = plan?.slot(key) else { continue }
                add(MS_ACTOR_SLOT, slot, Part(key: key))
                add(MS_ACTOR_SLOT, slot, Part(key: SeriesKey(hold), time: true))
                add(MS_ACTOR_UNTIMED, slot, Part(key: key))
            }
        }
        for function in plan?.functions(of: .readerSpins) ?? [] {
            let key = SeriesKey(.readerSpins, site: function)
            guard let slot = plan?.slot(key) else { continue }
            add(MS_ACTOR_SLOT, slot, Part(key: key))
            add(MS_ACTOR_SLOT, slot, Part(key: SeriesKey(.spinTime, site: function), time: true))
        }
        self.parts = parts
    }

    /// What a row of this number adds to; nothing where no such series is measured.
    func parts(_ series: UInt32) -> [Part] { parts[series] ?? [] }

    var isEmpty: Bool { parts.isEmpty }
}
