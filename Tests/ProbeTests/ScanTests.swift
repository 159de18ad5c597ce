import CProbe
import CProgramsFixture
import Testing

/// bpf/scans.bpf.h and bpf/actors.bpf.h, compiled for the host. Serialized with the pages, with which they share their maps.
extension PageTests {
    @Suite("Scans of a mount table") struct Scans {
        /// Complete, abandoned, redundant, polled, pages, bytes.
        private func counts(_ task: UInt32) -> [UInt64] {
            let row = fixture_scans_of(task)
            return [row.complete, row.abandoned, row.redundant, row.polled, row.pages, row.bytes]
        }

        @Test("the pages of an open file are one scan, with the empty one at its end")
        func joined() {
            fixture_scans_begin(0)
            fixture_scans_page(10, 0, 100, 0, 5, 4000, 0)
            fixture_scans_page(10, 0, 200, 40, 7, 1000, 1)
            fixture_scans_page(10, 0, 300, 50, 1, 0, 1)
            fixture_scans_close(0)
            #expect(counts(10) == [1, 0, 0, 0, 3, 5000])
            let row = fixture_scans_of(10)
            #expect(
                [row.hold_ns, row.hold_max_ns, row.wall_ns, row.wall_max_ns, row.mounts] == [13, 12, 107, 107, 12])
            let pages = fixture_actor_row(10, MS_ACTOR_PAGE_HOLD.rawValue)
            #expect([pages.count, pages.sum_ns, pages.max_ns] == [3, 13, 7])
        }

        @Test("a scan that is closed or begun anew before its end is abandoned")
        func abandoned() {
            fixture_scans_begin(0)
            fixture_scans_page(10, 0, 100, 0, 5, 4000, 0)
            fixture_scans_close(0)
            #expect(counts(10) == [0, 1, 0, 0, 1, 4000])
            fixture_scans_page(10, 1, 200, 0, 5, 4000, 0)
            fixture_scans_page(10, 1, 300, 0, 5, 4000, 0)
            fixture_scans_page(10, 1, 400, 40, 5, 10, 1)
            fixture_scans_close(1)
            #expect(counts(10) == [1, 2, 0, 0, 4, 12010])
            fixture_scans_close(1)
            #expect(counts(10) == [1, 2, 0, 0, 4, 12010], "a file is closed once")
        }

        @Test("a page that is too long for the kernel's buffer is made once more: no bytes, no new scan")
        func overflow() {
            fixture_scans_begin(0)
            fixture_scans_page(10, 0, 100, 0, 5, 4096, 0)
            fixture_scans_page(10, 0, 200, 0, 5, 3000, 1)
            fixture_scans_close(0)
            #expect(counts(10) == [1, 0, 0, 0, 2, 3000])
        }

        @Test("a second scan without a change is redundant, by each reader for itself")
        func redundant() {
            fixture_scans_begin(0)
            for (file, moment) in [(0, 100), (1, 200)] as [(Int32, UInt64)] {
                fixture_scans_page(10, file, moment, 0, 5, 100, 1)
                fixture_scans_close(file)
            }
            fixture_scans_page(11, 0, 300, 0, 5, 100, 1)
            fixture_scans_close(0)
            #expect(counts(10) == [2, 0, 1, 0, 2, 200])
            #expect(counts(11) == [1, 0, 0, 0, 1, 100])
            fixture_scans_change()
            fixture_scans_page(10, 0, 400, 0, 5, 100, 1)
            #expect(counts(10) == [3, 0, 1, 0, 3, 300])
        }

        @Test("a scan of an open file whose reader was told of a change is polled, a blind one is not")
        func polled() {
            fixture_scans_begin(0)
            fixture_scans_page(10, 0, 100, 0, 5, 100, 1)
            fixture_scans_change()
            fixture_scans_poll(0)
            fixture_scans_page(10, 0, 200, 0, 5, 100, 1)
            #expect(counts(10) == [2, 0, 0, 1, 2, 200])
            fixture_scans_change()
            fixture_scans_page(10, 0, 300, 0, 5, 100, 1)
            #expect(counts(10) == [3, 0, 0, 1, 3, 300], "nobody told it")
            fixture_scans_page(10, 0, 400, 0, 5, 100, 1)
            #expect(counts(10) == [4, 0, 1, 1, 4, 400], "nothing has changed")
        }

        @Test("four readers at once keep their scans apart")
        func interleaved() {
            fixture_scans_begin(0)
            for line in [0, 40, 80] as [UInt64] {
                for task in 0..<3 as Range<UInt32> {
                    fixture_scans_page(20 + task, Int32(task), 100 + line, line, 5, 100, line == 80 ? 1 : 0)
                }
            }
            for task in 0..<3 as Range<UInt32> { #expect(counts(20 + task) == [1, 0, 0, 0, 3, 300]) }
        }

        @Test("where a table is full the group's row counts, and then that of the others: the sum stays")
        func full() {
            let hold = MS_ACTOR_PAGE_HOLD.rawValue
            fixture_scans_begin(1)
            for task in 30..<34 as Range<UInt32> {
                fixture_scans_page(task, 0, 100, 0, 5, 100, 1)
                fixture_scans_close(0)
            }
            #expect(fixture_actor_row(30, hold).count == 1)
            #expect(fixture_actor_row(31, hold).count == 0)
            #expect(fixture_group_row(hold).count == 3)
            #expect(fixture_group_row(hold).sum_ns == 15)
            #expect(fixture_other_row(hold).count == 0)
            #expect(fixture_scans_lost() > 0, "scans of actors without a row are said to be lost")
        }

        @Test("an actor's cgroup is named at its first event, and those above it")
        func named() {
            fixture_scans_begin(0)
            fixture_scans_page(10, 0, 100, 0, 5, 100, 1)
            var names: [String] = []
            var number: UInt64 = 3
            while number != 0 {
                var name = [CChar](repeating: 0, count: Int(MS_CGROUP_BYTES))
                var parent: UInt64 = 0
                guard fixture_cgroup_name(number, &name, &parent) == 1 else { break }
                names.append(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
                number = parent
            }
            #expect(names == ["reader.service", "system.slice", ""])
        }
    }
}
