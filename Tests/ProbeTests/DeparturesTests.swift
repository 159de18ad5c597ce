import CProbe
import Glibc
import Testing

@testable import Probe

@Suite("Processes that are gone") struct DeparturesTests {
    private func row(_ process: UInt32, series: UInt32 = 1, count: UInt64) -> (key: ms_actor_key, value: ms_actor_row) {
        (
            ms_actor_key(start_ns: 1_000_000_000, cgroup: 1, mnt_ns: 1, tgid: process, series: series),
            ms_actor_row(count: count, sum_ns: 0, max_ns: 0, involuntary: 0, voluntary: 0)
        )
    }

    @Test("rows go once their process was gone before they were read for the last time")
    func order() {
        var departures = Departures(isHostsPIDNamespace: true) { process, _ in process == 1 }
        departures.note([row(1, count: 5), row(2, count: 5)])
        #expect(departures.harvest().isEmpty, "nobody has been idle yet")
        departures.note([row(1, count: 5), row(2, count: 5), row(2, series: 2, count: 1)])
        #expect(departures.harvest().isEmpty, "2 has done something since")
        departures.note([row(1, count: 5), row(2, count: 5), row(2, series: 2, count: 1)])
        #expect(departures.harvest().isEmpty, "2 is seen to be gone, after it was read")
        departures.note([row(1, count: 5), row(2, count: 5), row(2, series: 2, count: 1)])
        #expect(departures.harvest().map(\.process) == [2])
        departures.note([row(1, count: 5)])
        #expect(departures.harvest().isEmpty)
    }

    @Test("in another namespace of processes nobody is taken to be gone")
    func otherNamespace() {
        var departures = Departures(isHostsPIDNamespace: false) { _, _ in false }
        for _ in 0..<4 {
            departures.note([row(2, count: 5)])
            #expect(departures.harvest().isEmpty)
        }
    }

    @Test("this process runs, with its own start and no other; one that has ended does not")
    func running() throws {
        let stat = try String(decoding: readAll("/proc/self/stat"), as: UTF8.self)
        let fields = stat[stat.index(after: stat.lastIndex(of: ")")!)...].split(separator: " ")
        let ticks = try #require(UInt64(fields[19]))
        let start = ticks * (1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK))))
        let me = UInt32(getpid())
        #expect(Departures.isRunning(me, start + 5))
        #expect(!Departures.isRunning(me, start + 1_000_000_000))
        #expect(!Departures.isRunning(4_194_303, start))
    }

    private func readAll(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }
}
