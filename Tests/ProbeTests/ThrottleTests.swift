import Contention
import Glibc
import Testing

@testable import Probe

@Suite("Throttled cgroups") struct ThrottleTests {
    private let second: UInt64 = 1_000_000_000

    @Test("the longest of a group's levels counts, since it was asked for first, once a second")
    func longestLevel() throws {
        let tree = try FileTree()
        try tree.write("usage_usec 5\nthrottled_usec 100\n", to: "/a/cpu.stat")
        try tree.write("throttled_usec 7\n", to: "/a/b/cpu.stat")
        var reader = ThrottleReader(mountPoint: tree.root)
        #expect(reader.throttled("/a/b", second) == 0)
        try tree.write("throttled_usec 150\n", to: "/a/cpu.stat")
        try tree.write("throttled_usec 9\n", to: "/a/b/cpu.stat")
        #expect(reader.throttled("/a/b", 2 * second - 1) == 0)
        #expect(reader.throttled("/a/b", 2 * second) == 50_000)
        // A group that is gone, or was made anew, takes nothing back.
        unlink("\(tree.root)/a/cpu.stat")
        #expect(reader.throttled("/a/b", 4 * second) == 50_000)
        try tree.write("throttled_usec 0\n", to: "/a/cpu.stat")
        #expect(reader.throttled("/a/b", 6 * second) == 50_000)
    }

    @Test("what does not tell is not known")
    func unknown() throws {
        let tree = try FileTree()
        try tree.write("usage_usec 5\n", to: "/a/cpu.stat")
        var reader = ThrottleReader(mountPoint: tree.root)
        #expect(reader.throttled("/a", second) == nil)
        #expect(reader.throttled("/nowhere", second) == nil)
        var none = ThrottleReader(mountPoint: nil)
        #expect(none.throttled("/a", second) == nil)
        #expect(ThrottleReader.parse("throttled_time 12\n") == 12)
        #expect(ThrottleReader.parse("throttled_usec 18446744073709551615\n") == nil)
        #expect(ThrottleReader.parse("throttled_usec x\n\n \n") == nil)
    }
}
extension ThrottleTests {
    @Test("throttled time counts beside holds, not while an actor is idle, and nothing goes back")
    func besideHolds() throws {
        let tree = try FileTree()
        func throttle(_ microseconds: Int) throws {
            try tree.write("throttled_usec \(microseconds)\n", to: "/a/cpu.stat")
        }
        var throttles = Throttles(ThrottleReader(mountPoint: tree.root))
        func rows(_ count: UInt64, _ seconds: UInt64) -> [UInt64?] {
            let hold = TaskRow(TaskRow.Key(actor: 1, series: SeriesKey(.readHold, site: "mountinfo")), count: count)
            let retry = TaskRow(TaskRow.Key(actor: 1, series: SeriesKey(.readRetries, site: "walk")), count: count)
            let elsewhere = TaskRow(TaskRow.Key(actor: 2, series: SeriesKey(.readHold, site: "mounts")), count: count)
            return throttles.beside([hold, retry, elsewhere], seconds * second) { $0 == 1 ? "/a" : nil }.map(
                \.throttled)
        }
        try throttle(100)
        #expect(rows(5, 1) == [0, nil, nil])
        try throttle(150)
        #expect(rows(6, 2) == [50_000, nil, nil])
        // Idle: what its cgroup lost then is none of its holds'.
        try throttle(400)
        #expect(rows(6, 3) == [50_000, nil, nil])
        try throttle(410)
        #expect(rows(7, 4) == [60_000, nil, nil])
    }
}
