import Testing

@testable import Contention

private let key = SeriesKey(.readRetries, site: "walk")
private let holds = SeriesKey(.readHold, site: "mountinfo")

private func snapshot(
    at nanoseconds: UInt64, _ value: ReadingValue, key: SeriesKey = key, lost: UInt64? = 0, mode: Mode = .exact,
    cpus: Int = 2
) -> Snapshot {
    Snapshot(
        monotonic: nanoseconds, realtime: Int64(nanoseconds) + 1_000, possibleCPUs: cpus,
        readings: [SeriesReading(key: key, mode: mode, value: value, lost: lost)])
}

private func one(_ earlier: Snapshot, _ later: Snapshot) -> SeriesInterval? {
    Interval(sequence: 1, from: earlier, to: later)?.series.first
}

private func histogram(_ values: UInt64...) -> Histogram { values.reduce(into: .empty) { $0.record($1) } }

@Suite struct IntervalTests {
    @Test("counts are differences, and the machine is the sum of its CPUs")
    func countsAreDifferencesAndTheMachineIsTheSumOfItsCPUs() {
        let found = one(snapshot(at: 1, .counts([5, 10]), lost: 2), snapshot(at: 2, .counts([8, 10]), lost: 3))
        #expect(found?.byCPU == [.count(3), .count(0)])
        #expect(found?.all == .count(3))
        #expect(found?.lost == 1)
    }

    @Test("sites whose shares are of the same samples keep their whole")
    func sitesWhoseSharesAreOfTheSameSamplesKeepTheirWhole() {
        let sites = [2, 3].map { Delta.share(Share(part: $0, whole: 100, repeats: 1)) }
        #expect(Delta.joined(sites) == .share(Share(part: 5, whole: 100, repeats: 2)))
        #expect(Delta.sum(sites) == .share(Share(part: 5, whole: 200, repeats: 2)), "as CPUs do not")
        #expect(Delta.joined([.count(2), .count(3)]) == .count(5))
        #expect(Delta.joined([sites[0], nil]) == nil)
    }

    @Test("rates use the measured time")
    func ratesUseTheMeasuredTime() {
        let interval = Interval(
            sequence: 1, from: snapshot(at: 0, .total(0)), to: snapshot(at: 2_500_000_000, .total(5)))
        #expect(interval?.elapsed == 2_500_000_000)
        #expect(interval?.rate(5) == 2)
        #expect(interval?.endRealtime == 2_500_001_000)
    }

    @Test("a counter reset is not a negative rate")
    func aCounterResetIsNotANegativeRate() {
        let found = one(snapshot(at: 1, .counts([5, 10])), snapshot(at: 2, .counts([8, 9])))
        #expect(found?.byCPU == [.count(3), nil])
        #expect(found?.all == nil)
        #expect(one(snapshot(at: 1, .total(5)), snapshot(at: 2, .total(4)))?.all == nil)
    }

    @Test("losses that are unknown or went back stay unknown")
    func lossesThatAreUnknownOrWentBackStayUnknown() {
        let counts = ReadingValue.counts([1, 1])
        #expect(one(snapshot(at: 1, counts, lost: nil), snapshot(at: 2, counts, lost: 4))?.lost == nil)
        #expect(one(snapshot(at: 1, counts, lost: 5), snapshot(at: 2, counts, lost: 4))?.lost == nil)
    }

    @Test("durations are merged over the CPUs")
    func durationsAreMergedOverTheCPUs() {
        let found = one(
            snapshot(at: 1, .histograms([histogram(50), .empty]), key: holds),
            snapshot(at: 2, .histograms([histogram(50, 60), histogram(70)]), key: holds))
        #expect(found?.byCPU == [.durations(histogram(60)), .durations(histogram(70))])
        #expect(found?.all == .durations(histogram(60, 70)))
    }

    @Test("a machine counter has no CPUs")
    func aMachineCounterHasNoCPUs() {
        let found = one(snapshot(at: 1, .total(5)), snapshot(at: 2, .total(9)))
        #expect(found?.all == .count(4))
        #expect(found?.byCPU == [])
    }

    @Test("what is unavailable is unknown with its reason")
    func whatIsUnavailableIsUnknownWithItsReason() {
        let gone = snapshot(at: 2, .unavailable(reason: "no kprobes"), lost: nil, mode: .unavailable)
        for found in [one(snapshot(at: 1, .counts([1, 1])), gone), one(gone, snapshot(at: 3, .counts([1, 1])))] {
            #expect(found?.all == nil)
            #expect(found?.byCPU == [])
            #expect(found?.reason == "no kprobes")
        }
    }

    @Test("snapshots out of order or of another machine make no interval")
    func snapshotsOutOfOrderOrOfAnotherMachineMakeNoInterval() {
        let first = snapshot(at: 5, .total(1))
        #expect(Interval(sequence: 1, from: first, to: snapshot(at: 5, .total(2))) == nil)
        #expect(Interval(sequence: 1, from: first, to: snapshot(at: 4, .total(2))) == nil)
        #expect(Interval(sequence: 1, from: first, to: snapshot(at: 6, .total(2), cpus: 4)) == nil)
    }
}

@Suite struct MetricTests {
    @Test("every series is listed once in the order of the metrics")
    func everySeriesIsListedOnceInTheOrderOfTheMetrics() {
        #expect(Set(SeriesKey.all).count == SeriesKey.all.count)
        #expect(
            SeriesKey.all.map(\.description).prefix(3) == [
                "mount_lock.write_sections", "mount_lock.write_acquires", "mount_lock.write_coverage",
            ])
        // Recordings of every version end an interval with it.
        #expect(SeriesKey.all.last?.description == "mountscope.lost_events[impossible]")
        let retries = SeriesKey.all.filter { $0.metric == .readRetries }.map(\.description)
        #expect(
            retries == ["lookup", "walk", "dotdot", "d_path"].map { "mount_lock.read_retries[\($0)]" })
    }

    @Test("a metric that is split by functions has one series for each of them")
    func aMetricThatIsSplitByFunctionsHasOneSeriesForEachOfThem() {
        let keys = SeriesKey.all { $0 == .readerSpins ? ["path_init", "prepend_path"] : [""] }
        #expect(
            keys.filter { $0.metric == .readerSpins }.map(\.description) == [
                "mount_lock.reader_spins[path_init]", "mount_lock.reader_spins[prepend_path]",
            ])
        #expect(keys.count == SeriesKey.all.count + 1)
    }
}
