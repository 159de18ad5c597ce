import CProgramsFixture
import Contention
import SystemCalls
import Testing

/// bpf/task_slots.bpf.h and the bounds of durations, compiled for the host.
@Suite("What the programs keep of each task", .serialized) struct TaskTableTests {
    init() { fixture_clear_tasks() }

    @Test("a task without an element takes the first that is free, and is found there until it is freed")
    func comesAndGoes() {
        let slot = fixture_room_for(4711)
        #expect(slot == fixture_task_slot(4711, 0) && fixture_slot_of(4711) == -1)
        fixture_set_owner(slot, 4711)
        #expect(fixture_slot_of(4711) == slot && fixture_room_for(4711) == slot)
        fixture_set_owner(slot, 0)
        #expect(fixture_slot_of(4711) == -1)
    }

    @Test("a task keeps its element where an earlier one has become free, so that it never has two")
    func keepsItsOwn() {
        let first = fixture_task_slot(4711, 0)
        let second = fixture_task_slot(4711, 1)
        fixture_set_owner(first, 1)
        #expect(fixture_room_for(4711) == second)
        fixture_set_owner(second, 4711)
        fixture_set_owner(first, 0)
        #expect(fixture_room_for(4711) == second)
        #expect(fixture_slot_of(4711) == second)
    }

    @Test("where every element that a task may lie in is another's it has none")
    func full() {
        for way in 0..<fixture_task_ways() { fixture_set_owner(fixture_task_slot(4711, way), 1 + way) }
        #expect(fixture_room_for(4711) == -1 && fixture_slot_of(4711) == -1)
        let last = fixture_task_slot(4711, fixture_task_ways() - 1)
        fixture_set_owner(last, 0)
        #expect(fixture_room_for(4711) == last)
    }

    @Test("no program keeps tasks in a table that drops one by itself, without a loss counted")
    func neverEvicts() throws {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        for name in [
            "contention_waits", "lock_words", "seqlock", "spinlock_sites", "mount_table", "turns", "operation",
        ] {
            let text = try readText("/\(folder)/bpf/\(name).bpf.h")
            #expect(!text.contains("LRU"), "\(name)")
        }
    }

    @Test("the elements of a task are different ones, all of the table")
    func places() {
        for task in stride(from: UInt32(1), to: 1 << 22, by: 4099) {
            let slots = Set((0..<fixture_task_ways()).map { fixture_task_slot(task, $0) })
            #expect(slots.count == Int(fixture_task_ways()))
            #expect(slots.allSatisfy { (0..<Int32(fixture_task_slots())).contains($0) })
        }
    }

    @Test("a duration that ran backwards or that no bucket reaches is impossible, any other is not")
    func impossible() {
        let longest = UInt64(1) << UInt64(HistogramLayout.maximumExponent)
        for possible in [0, 1, longest - 1] as [UInt64] { #expect(fixture_is_impossible(possible) == 0) }
        for impossible in [longest, UInt64.max, UInt64(0) &- 1] { #expect(fixture_is_impossible(impossible) == 1) }
    }
}
