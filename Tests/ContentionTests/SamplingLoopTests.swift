import ManualClock
import Testing

@testable import Contention

/// A source and a waiter on one clock that only they move.
private final class World: ManualClock, SnapshotSource {
    /// How long each reading takes, nanoseconds.
    var readingTakes: UInt64 = 0
    var readings: [UInt64] = []
    /// When the only series ceases to be measured.
    var ceases = UInt64.max
    /// By actor, of the next snapshots; the last one goes on.
    var records: [RecordSnapshot] = []

    init() { super.init(now: 1_000) }

    func snapshot() -> Snapshot {
        now += readingTakes
        readings.append(now)
        let reading =
            now < ceases
            ? SeriesReading(key: SeriesKey(.writeSections), mode: .exact, value: .total(now), lost: 0)
            : SeriesReading(
                key: SeriesKey(.writeSections), mode: .unavailable, value: .unavailable(reason: "taken off"), lost: nil)
        let rows = records.count > 1 ? records.removeFirst() : records.first
        return Snapshot(
            monotonic: now, realtime: Int64(now), possibleCPUs: 1, readings: [reading],
            records: rows ?? .none("nothing measures it"))
    }
}

@Suite struct SamplingLoopTests {
    private let world = World()

    private func loop(interval: UInt64, duration: UInt64? = nil, readAtLeastEvery: UInt64 = .max / 2) throws
        -> SamplingLoop
    {
        var plan = SamplingPlan(interval: interval, duration: duration)
        plan.readAtLeastEvery = readAtLeastEvery
        return try SamplingLoop(source: world, waiter: world, plan: plan)
    }

    private func interval(_ step: IntervalStep) -> Interval? {
        if case .interval(let bundle) = step { bundle.interval } else { nil }
    }

    @Test("late readings do not add up")
    func lateReadingsDoNotAddUp() throws {
        world.readingTakes = 7
        var loop = try loop(interval: 100)
        let ends = try (1...5).map { _ in interval(try loop.next())?.endMonotonic }
        #expect(ends == [1114, 1214, 1314, 1414, 1514])
    }

    @Test("intervals slept through are one long interval")
    func intervalsSleptThroughAreOneLongInterval() throws {
        var loop = try loop(interval: 100)
        _ = try loop.next()
        world.now = 1_350
        let long = interval(try loop.next())
        #expect(long?.elapsed == 250)
        #expect(long?.sequence == 2)
        #expect(interval(try loop.next())?.endMonotonic == 1_400)
    }

    @Test("the duration ends the loop and the rest is an interval")
    func theDurationEndsTheLoopAndTheRestIsAnInterval() throws {
        var loop = try loop(interval: 100, duration: 250)
        _ = try loop.next()
        _ = try loop.next()
        guard case .over = try loop.next() else {
            Issue.record("not over")
            return
        }
        #expect(try loop.finish()?.interval.elapsed == 50)
        #expect(loop.summary?.elapsed == 250)
        #expect(loop.count == 3)
    }

    @Test("a duration of whole intervals has no empty rest")
    func aDurationOfWholeIntervalsHasNoEmptyRest() throws {
        var loop = try loop(interval: 100, duration: 200)
        _ = try loop.next()
        guard case .over = try loop.next() else {
            Issue.record("not over")
            return
        }
        #expect(try loop.finish()?.interval.elapsed == 100)
        #expect(loop.count == 2)
    }

    @Test("news does not move the deadline")
    func newsDoesNotMoveTheDeadline() throws {
        world.news = [(1_050, .windowChanged), (1_060, .childChanged)]
        var loop = try loop(interval: 100)
        for expected in [Wakeup.windowChanged, .childChanged] {
            guard case .news(expected) = try loop.next() else {
                Issue.record("no news of \(expected)")
                return
            }
        }
        #expect(interval(try loop.next())?.endMonotonic == 1_100)
    }

    @Test("a long interval is read in between")
    func aLongIntervalIsReadInBetween() throws {
        var loop = try loop(interval: 100, readAtLeastEvery: 40)
        let long = interval(try loop.next())
        #expect(world.readings == [1_000, 1_040, 1_080, 1_100])
        #expect(long?.elapsed == 100)
        #expect(long?.series.first?.all == .count(100))
    }

    @Test("a series that ceases is told of once, where it does, in the last interval too", arguments: [1_150, 1_210])
    func aSeriesThatCeasesIsToldOfOnce(moment: UInt64) throws {
        world.ceases = moment
        var loop = try loop(interval: 100, duration: 250)
        var changes = try (1...2).flatMap { _ in interval(try loop.next())?.changes ?? [] }
        _ = try loop.next()
        changes += try loop.finish()?.interval.changes ?? []
        #expect(
            changes == [
                ModeChanges.Change(
                    sequence: moment < 1_200 ? 2 : 3, keys: [SeriesKey(.writeSections)], mode: .unavailable,
                    reason: "taken off")
            ])
    }

    @Test("a row that is harvested in the middle of an interval is in the interval, once")
    func aHarvestedRowIsInTheInterval() throws {
        func rows(_ counts: [Int: UInt64]) -> RecordSnapshot {
            var snapshot = RecordSnapshot()
            snapshot.tasks = counts.sorted { $0.key < $1.key }.map {
                TaskRow(TaskRow.Key(actor: $0.key, series: SeriesKey(.writeAcquires, site: "f")), count: $0.value)
            }
            return snapshot
        }
        // At 1,000, 1,040, 1,080, 1,100 (the first interval), 1,140, 1,180, 1,200.
        world.records = [
            rows([1: 5]), rows([1: 5, 2: 7]), rows([1: 6]), rows([1: 9]), rows([1: 9]), rows([1: 9, 3: 1]), rows([:]),
        ]
        var loop = try loop(interval: 100, readAtLeastEvery: 40)
        var batches: [[Int: UInt64?]] = []
        for _ in 1...2 {
            guard case .interval(let bundle) = try loop.next() else { continue }
            batches.append(Dictionary(uniqueKeysWithValues: bundle.records.tasks.map { ($0.key.actor, $0.count) }))
        }
        #expect(batches == [[1: 4, 2: 7], [3: 1]])
    }

    @Test("namespaces that were found before the first interval are in it, under the latest name")
    func namespacesOfTheStart() throws {
        func rows(_ id: UInt64?, mounts: UInt64) -> RecordSnapshot {
            var snapshot = RecordSnapshot()
            snapshot.namespaces = [
                NamespaceRow(MountNamespace(id: id, inode: 7), mounts: mounts, events: 5),
                NamespaceRow(MountNamespace(id: nil, inode: 8), mounts: 1),
            ]
            return snapshot
        }
        world.records = [rows(nil, mounts: 3), rows(nil, mounts: 3), rows(41, mounts: 4), rows(41, mounts: 4)]
        var loop = try loop(interval: 100, readAtLeastEvery: 50)
        guard case .interval(let first) = try loop.next(), case .interval(let second) = try loop.next() else {
            Issue.record("no interval")
            return
        }
        let rows = first.records.namespaces.sorted { $0.key.inode ?? 0 < $1.key.inode ?? 0 }
        #expect(rows.map(\.key.id) == [41, nil])
        #expect(rows.map(\.mounts) == [4, 1])
        #expect(second.records.namespaces.isEmpty)
    }

    @Test("an end at once has no interval")
    func anEndAtOnceHasNoInterval() throws {
        var loop = try loop(interval: 100)
        #expect(try loop.finish()?.interval == nil)
        #expect(loop.summary == nil)
    }
}

extension Interval: Equatable {
    public static func == (left: Interval, right: Interval) -> Bool {
        left.sequence == right.sequence && left.endMonotonic == right.endMonotonic && left.series == right.series
    }
}
