import Testing

@testable import Contention

@Suite struct RecordBatchTests {
    private let walk = SeriesKey(.readRetries, site: "walk")
    private let hold = SeriesKey(.semaphoreWriteHold, site: "mount")

    private func task(_ actor: Int, _ count: UInt64?, _ nanoseconds: UInt64? = nil, longest: UInt64? = nil) -> TaskRow {
        TaskRow(
            TaskRow.Key(actor: actor, series: nanoseconds == nil ? walk : hold), count: count,
            nanoseconds: nanoseconds, maximum: longest)
    }

    private func snapshot(_ tasks: [TaskRow]) -> RecordSnapshot {
        var snapshot = RecordSnapshot()
        snapshot.tasks = tasks
        return snapshot
    }

    private func batch(_ earlier: [TaskRow], _ later: [TaskRow]) -> RecordBatch {
        RecordBatch(from: snapshot(earlier), to: snapshot(later))
    }

    @Test("a batch has the rows that changed, with what they gained")
    func aBatchHasTheRowsThatChanged() {
        let changed = batch([task(1, 10), task(2, 4)], [task(1, 10), task(2, 9), task(3, 2)])
        #expect(changed.tasks == [task(2, 5), task(3, 2)])
        #expect(changed.contradictions == 0)
    }

    @Test("a row that is gone was harvested and gained nothing")
    func aRowThatIsGoneGainedNothing() {
        let changed = batch([task(1, 10), task(2, 4)], [task(1, 11)])
        #expect(changed.tasks == [task(1, 1)])
        #expect(changed.contradictions == 0)
    }

    @Test("a counter that went back is told and gives no row")
    func aCounterThatWentBackIsTold() {
        let changed = batch([task(1, 10), task(2, 3, 900)], [task(1, 9), task(2, 4, 899)])
        #expect(changed.tasks.isEmpty)
        #expect(changed.contradictions == 2)
        #expect(!changed.isEmpty)
    }

    @Test("what was or is not known has no difference, and what is beside it has one")
    func whatIsNotKnownHasNoDifference() throws {
        let rows = batch([task(1, nil, 5)], [task(1, 7, 9)]).tasks
        #expect(rows.count == 1)
        #expect(rows.first?.count == nil)
        #expect(rows.first?.nanoseconds == 4)
    }

    @Test("the longest of an interval is known where it is longer than everything before")
    func theLongestIsKnownWhereItIsNew() {
        let grown = batch([task(1, 1, 50, longest: 50)], [task(1, 2, 130, longest: 80)]).tasks
        #expect(grown.first?.maximum == 80)
        let shorter = batch([task(1, 1, 50, longest: 50)], [task(1, 2, 70, longest: 50)]).tasks
        #expect(shorter.first?.maximum == nil)
        #expect(shorter.first?.nanoseconds == 20)
    }

    @Test("the batches of a run add up to its last snapshot")
    func batchesAddUp() {
        let steps = [
            [task(1, 1, 10, longest: 10)], [task(1, 3, 90, longest: 70), task(2, 5)], [task(1, 4, 95, longest: 70)],
        ]
        var sum = RecordBatch()
        for (earlier, later) in zip([[]] + steps, steps) { sum.add(batch(earlier, later)) }
        #expect(sum.tasks == [task(1, 4, 95, longest: 70), task(2, 5)])
    }

    @Test("a sum that 64 bits do not hold is told, and the rows before it stay")
    func aSumThatDoesNotFitIsTold() {
        var sum = batch([], [task(1, .max)])
        sum.add(batch([], [task(1, 1), task(2, 1)]))
        #expect(sum.contradictions == 1)
        #expect(sum.tasks == [task(1, .max), task(2, 1)])
    }

    @Test("a scan's buffer is the latest, everything else of it a difference")
    func aScansBufferIsTheLatest() throws {
        let key = ScanRow.Key(actor: 4, table: .mountinfo, namespace: MountNamespace(id: 9, inode: 4_026_531_841))
        var earlier = ScanRow(key)
        (earlier.complete, earlier.abandoned, earlier.pages, earlier.buffer, earlier.holdMaximum) = (2, 0, 8, 1024, 40)
        var later = earlier
        (later.complete, later.abandoned, later.pages, later.buffer, later.holdMaximum) = (3, 1, 13, 65_536, 41)
        var (from, to) = (RecordSnapshot(), RecordSnapshot())
        (from.scans, to.scans) = ([earlier], [later])
        let row = try #require(RecordBatch(from: from, to: to).scans.first)
        #expect((row.complete, row.abandoned, row.pages) == (1, 1, 5))
        #expect((row.buffer, row.holdMaximum, row.mounts) == (65_536, 41, nil))
        #expect(row.scans == 2)
    }

    @Test("a namespace keeps its state, and only its events are a difference")
    func aNamespaceKeepsItsState() {
        let key = MountNamespace(id: 9, inode: 4_026_531_841)
        var (from, to) = (RecordSnapshot(), RecordSnapshot())
        from.namespaces = [NamespaceRow(key, mounts: 300, processes: 2, events: 50)]
        to.namespaces = [NamespaceRow(key, mounts: 310, processes: 2, events: 60)]
        let batch = RecordBatch(from: from, to: to)
        #expect(batch.namespaces == [NamespaceRow(key, mounts: 310, processes: 2, events: 10)])
    }

    @Test("sums of different modes are estimated")
    func sumsOfDifferentModesAreEstimated() {
        var one = task(1, 2)
        one.mode = .estimated
        #expect(task(1, 1).adding(one)?.mode == .estimated)
        #expect(task(1, 1).adding(task(1, 1))?.mode == .exact)
    }

    @Test("a process number that is used again is another actor, and numbers are not given twice")
    func aProcessNumberUsedAgainIsAnotherActor() {
        var book = ActorBook()
        func number(_ start: UInt64) -> Int {
            let identity = ActorBook.Identity(kind: .process, process: 77, start: start, cgroupID: 5)
            return book.number(identity) { ActorRow(number: $0, process: 77, start: start, firstSequence: 1) }
        }
        #expect([number(10), number(20), number(10)] == [1, 2, 1])
        #expect(book.takeNew().map(\.number) == [1, 2])
        #expect(book.takeNew().isEmpty)
        book.forget(ActorBook.Identity(kind: .process, process: 77, start: 10, cgroupID: 5))
        #expect(number(10) == 3)
    }

    @Test("a source that measures nothing by actor says why for every table")
    func aSourceWithoutRecordsSaysWhy() {
        let none = RecordSnapshot.none("--who off")
        let batch = RecordBatch(from: none, to: none)
        #expect(batch.isEmpty)
        #expect(RecordTable.allCases.allSatisfy { batch.unavailable[$0] == "--who off" })
    }
}
