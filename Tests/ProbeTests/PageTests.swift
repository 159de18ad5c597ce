import CProgramsFixture
import Testing

/// bpf/mount_table.bpf.h, compiled for the host.
@Suite("A page of a mount table", .serialized) struct PageTests {
    private static let semaphore: UInt64 = 0xffff_ffff_8200_0100

    /// What the steps at these moments leave: waits and holds in nanoseconds, and pages that were lost.
    private func page(
        seesWaits: Bool = true, of semaphore: UInt64 = semaphore, _ steps: [(fixture_page_step, UInt64)]
    ) -> [UInt64] {
        fixture_page_begin(4711, seesWaits ? Self.semaphore : 0)
        for (step, moment) in steps { fixture_page_step(step, moment, semaphore) }
        let times = fixture_page_times()
        return [times.wait.count, times.wait.sum_ns, times.hold.count, times.hold.sum_ns, fixture_page_unmatched()]
    }

    @Test("a page without a wait is held from its request, one with a wait from the end of that")
    func times() {
        #expect(page([(FIXTURE_PAGE_REQUESTED, 100), (FIXTURE_PAGE_RELEASED, 150)]) == [1, 0, 1, 50, 0])
        let waited: [(fixture_page_step, UInt64)] = [
            (FIXTURE_PAGE_REQUESTED, 100), (FIXTURE_PAGE_WAITS, 105), (FIXTURE_PAGE_WAITED, 130),
            (FIXTURE_PAGE_RELEASED, 150),
        ]
        #expect(page(waited) == [1, 30, 1, 20, 0])
        #expect(page(of: 4, waited) == [1, 0, 1, 50, 0], "another semaphore's wait is none")
        let seen: [(fixture_page_step, UInt64)] = [
            (FIXTURE_PAGE_REQUESTED, 100), (FIXTURE_PAGE_ACQUIRED, 130), (FIXTURE_PAGE_RELEASED, 150),
        ]
        #expect(page(seesWaits: false, seen) == [1, 30, 1, 20, 0])
    }

    @Test("a page whose end of its wait was skipped is lost: neither its wait nor its hold is known")
    func skipped() {
        #expect(
            page([(FIXTURE_PAGE_REQUESTED, 100), (FIXTURE_PAGE_WAITS, 105), (FIXTURE_PAGE_RELEASED, 150)])
                == [0, 0, 0, 0, 1])
        // The next page of the task is another one.
        let next: [(fixture_page_step, UInt64)] = [
            (FIXTURE_PAGE_REQUESTED, 100), (FIXTURE_PAGE_WAITS, 105), (FIXTURE_PAGE_RELEASED, 150),
            (FIXTURE_PAGE_REQUESTED, 200), (FIXTURE_PAGE_RELEASED, 210),
        ]
        #expect(page(next) == [1, 0, 1, 10, 1])
        // The begin was skipped, the end was not.
        #expect(
            page([(FIXTURE_PAGE_REQUESTED, 100), (FIXTURE_PAGE_WAITED, 130), (FIXTURE_PAGE_RELEASED, 150)])
                == [1, 30, 1, 20, 0])
    }
}
