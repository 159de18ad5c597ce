import Contention
import SystemCalls

/// Everything read at one moment, and the readings made of it.
struct SessionState {
    let attachment: ProbeAttachment
    let reader: CounterReader
    let account: OwnAccount
    /// Write sections since the beginning.
    let sections: UInt64
    /// What counted them.
    let sequence: SequenceCounter
    /// Those of them that no instruction has shown.
    let unwatched: UInt64
    let runs: [OwnAccount.Program]
    /// 1 for each possible CPU that is online.
    let online: [UInt64]
    private let losses: LossReader

    init(
        attachment: ProbeAttachment, reader: CounterReader, account: OwnAccount, sections: UInt64,
        sequence: SequenceCounter, unwatched: UInt64, runs: [OwnAccount.Program], online: [UInt64]
    ) {
        self.attachment = attachment
        self.reader = reader
        self.account = account
        self.sections = sections
        self.sequence = sequence
        self.unwatched = unwatched
        self.runs = runs
        self.online = online
        losses = LossReader(
            plan: attachment.plan, programs: attachment.programs, reader: reader, sites: attachment.sites,
            tracepoints: attachment.tracepoints, missedSamples: attachment.sampler?.missed)
    }

    func reading(_ key: SeriesKey) -> SeriesReading {
        switch key.metric {
        case .lostEvents: return losses.reading(key)
        case .ownCost: return ownCost(key)
        case .cpusOnline: return SeriesReading(key: key, mode: .exact, value: .levels(online), lost: 0)
        case .writeCoverage: return coverage(key)
        default: break
        }
        let isSite = LockSiteSeries.gives(key)
        if SamplerPlan.gives(key) { return sampled(key) }
        let source = attachment.sources[key]
        guard let source, source.mode != .unavailable else {
            return unavailable(key, source?.reason ?? "nothing measures it")
        }
        if let why = source.programs.lazy.compactMap({ account.withdrawn[$0] }).first {
            return unavailable(key, why + standIn(key.metric))
        }
        if let gap = gap(key) { return unavailable(key, gap) }
        let value: ReadingValue
        if key == SeriesKey(.writeAcquires, site: Metric.unwatched) {
            value = .total(unwatched)
        } else if attachment.waits.keys.contains(key) {
            value = attachment.tracepoints?.value(key) ?? .unavailable(reason: "nothing measures it")
        } else if isSite {
            value = attachment.sites?.reader.value(key) ?? .unavailable(reason: "nothing measures it")
        } else {
            value = key.metric == .writeSections ? .total(sequence.total) : reader.value(key)
        }
        return SeriesReading(key: key, mode: source.mode, value: value, lost: losses.lost(key, source.programs))
    }

    /// Why a series that comes from the sequence is not known after the process was stopped; nil where it is.
    private func gap(_ key: SeriesKey) -> String? {
        if key.metric == .writeSections { return sequence.gap }
        return key == SeriesKey(.writeAcquires, site: Metric.unwatched) ? sequence.lasting : nil
    }

    /// A sample that was not taken says nothing of either outcome, and is no lost event of a share.
    private func sampled(_ key: SeriesKey) -> SeriesReading {
        let source = attachment.sources[key]
        guard let source, source.mode != .unavailable, let value = attachment.sampler?.value(key) else {
            return unavailable(key, source?.reason ?? "nothing measures it")
        }
        return SeriesReading(key: key, mode: source.mode, value: value, lost: nil)
    }

    /// What goes on, sampled, where a metric's probes were taken off; empty where nothing does.
    private func standIn(_ metric: Metric) -> String {
        guard let other = metric.row.standIn,
            attachment.samples.source(SeriesKey(other)).mode != .unavailable
        else { return "" }
        return ProbeRemoval.separator + other.qualifiedName + ProbeRemoval.standIn
    }

    private func unavailable(_ key: SeriesKey, _ reason: String) -> SeriesReading {
        SeriesReading(key: key, mode: .unavailable, value: .unavailable(reason: reason), lost: nil)
    }

    /// The sequence was read before the counts: a section that began between the two is not one too many.
    private func coverage(_ key: SeriesKey) -> SeriesReading {
        guard let sites = attachment.sites, account.withdrawn[LockSite.Program.writeAcquired.rawValue] == nil else {
            return unavailable(key, "write sections are not seen at their instructions")
        }
        if let gap = sequence.lasting { return unavailable(key, gap) }
        let seen = min(sites.reader.writeAcquires, sections)
        return SeriesReading(key: key, mode: .exact, value: .totalShare(Share(part: seen, whole: sections)), lost: 0)
    }

    private func ownCost(_ key: SeriesKey) -> SeriesReading {
        switch key.site {
        case "process":
            let spent = TimedCount(count: account.snapshots, nanoseconds: Clocks.processCPU())
            return SeriesReading(key: key, mode: .exact, value: .timedTotal(spent), lost: 0)
        case "probes":
            guard !runs.isEmpty else { return unavailable(key, "no probe is attached") }
            let spent = TimedCount(
                count: runs.reduce(0) { $0 + $1.hits }, nanoseconds: UInt64(runs.reduce(0) { $0 + account.cost($1) }))
            return SeriesReading(key: key, mode: .estimated, value: .timedTotal(spent), lost: nil)
        case "sampler":
            guard let sampler = attachment.sampler else { return unavailable(key, "nothing is sampled") }
            let spent = TimedCount(count: sampler.taken, nanoseconds: sampler.taken * sampler.price)
            return SeriesReading(key: key, mode: .estimated, value: .timedTotal(spent), lost: nil)
        default: return unavailable(key, "no such part")
        }
    }
}
