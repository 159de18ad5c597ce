import Testing

@testable import Contention

@Suite struct RecordTotalsTests {
    private let acquires = SeriesKey(.writeAcquires, site: "f")

    /// Actors of three cgroups, each with as many events as its number.
    private func batch(_ numbers: ClosedRange<Int>, known: Bool = true) -> RecordBatch {
        var batch = RecordBatch()
        for number in numbers {
            if known {
                batch.actors.append(
                    ActorRow(
                        number: number, process: Int32(number), command: "p\(number % 2)", cgroupID: UInt64(number % 3),
                        cgroup: "/c\(number % 3)", container: "docker:\(number % 3)",
                        namespace: MountNamespace(id: 1, inode: 2), firstSequence: 1))
            }
            batch.tasks.append(TaskRow(TaskRow.Key(actor: number, series: acquires), count: UInt64(number)))
            batch.blame.append(
                BlameRow(
                    BlameRow.Key(writer: number, operation: "mount", victim: 1, metric: .readRetries),
                    count: UInt64(number)))
        }
        return batch
    }

    @Test("processes that cost least are folded into their groups, and every sum stays")
    func foldedProcessesKeepTheirSums() throws {
        var totals = RecordTotals(mostActors: 100)
        for first in stride(from: 1, through: 4_991, by: 10) { totals.add(batch(first...(first + 9)), end: 1) }
        #expect(totals.actors.count <= 100)
        #expect(totals.contradictions == 0)
        let sum: UInt64 = 5_000 * 5_001 / 2
        #expect(totals.tasks.values.reduce(0) { $0 + ($1.count ?? 0) } == sum)
        #expect(totals.blame.values.reduce(0) { $0 + ($1.count ?? 0) } == sum)
        let byContainer = totals.grouped(by: .container)
        #expect(Set(byContainer.map(\.name)) == ["docker:0", "docker:1", "docker:2"])
        #expect(byContainer.reduce(0) { $0 + ($1.writes ?? 0) } == sum)
        let expected = (1...5_000).filter { $0 % 3 == 1 }.reduce(0, +)
        #expect(byContainer.first { $0.name == "docker:1" }?.writes == UInt64(expected))
    }

    @Test("an actor that was folded and comes again is one of the others")
    func aFoldedActorIsOneOfTheOthers() {
        var totals = RecordTotals(mostActors: 4)
        totals.add(batch(1...9), end: 1)
        totals.add(batch(10...10), end: 2)
        #expect(totals.actors[2] == nil && totals.actors[10] != nil)
        let others = TaskRow.Key(actor: RecordTotals.others, series: acquires)
        let before = totals.tasks[others]?.count ?? 0
        totals.add(batch(2...2, known: false), end: 3)
        #expect(totals.tasks[others]?.count == before + 2)
        #expect(totals.tasks.values.reduce(0) { $0 + ($1.count ?? 0) } == 57)
    }

    @Test("groups are named by process, by container and by namespace, the costliest first")
    func groupsAreNamed() {
        var totals = RecordTotals()
        totals.add(batch(1...6), end: 1)
        #expect(totals.grouped(by: .process).first?.name == "p0[6]")
        #expect(totals.grouped(by: .process).first?.actor?.number == 6)
        #expect(totals.grouped(by: .container).map(\.name) == ["docker:0", "docker:2", "docker:1"])
        #expect(totals.grouped(by: .container).map(\.actors) == [2, 2, 2])
        #expect(totals.grouped(by: .container).allSatisfy { $0.actor == nil })
        #expect(totals.grouped(by: .namespace).map(\.name) == ["mnt:[2] #1"])
        #expect(totals.grouped(by: .namespace).first?.writes == 21)
        // Nothing measures reads here: that is not 0.
        #expect(totals.grouped(by: .namespace).first?.reads == nil)
    }

    @Test("a namespace's growth is the median of its slopes, which a burst does not move")
    func growthIsTheMedianOfSlopes() throws {
        let hour: UInt64 = 3_600_000_000_000
        var total = NamespaceTotal(MountNamespace(id: 1, inode: 2))
        for minute in 0..<200 {
            var row = NamespaceRow(MountNamespace(id: 1, inode: 2), mounts: 100 + UInt64(minute))
            if minute == 50 { row.mounts = 5_000 }
            total.add(row, at: hour + UInt64(minute) * hour / 60)
        }
        #expect(total.mostMounts == 5_000)
        #expect(abs(try #require(total.growth) - 60) < 0.01)
        #expect(total.watched == 199 * hour / 60)
    }
}
