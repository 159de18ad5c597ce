import CProbe
import Contention
import Testing

@testable import Probe

@Suite("What the rows of actors count in") struct ActorSeriesTests {
    @Test("every duration and retry has its number, and none is in two")
    func numbers() {
        let series = ActorSeries(nil) { _ in true }
        var places: [SeriesKey: [UInt32]] = [:]
        for number in 0..<MS_ACTOR_SERIES.rawValue {
            for part in series.parts(number) where part.count { places[part.key, default: []].append(number) }
        }
        #expect(places.values.allSatisfy { $0.count == 1 })
        #expect(places[SeriesKey(.readRetries, site: "walk")] == [1])
        #expect(places[SeriesKey(.walkFallbacks, site: "parent")] == [6])
        #expect(places[SeriesKey(.readHold, site: "mountstats")] == [9])
        let counted = Set(places.keys.map(\.metric))
        for metric in [Metric.readWait, .writeWait, .semaphoreWriteHold, .lockWait, .readerWait] {
            #expect(counted.contains(metric), "\(metric)")
        }
    }

    @Test("what other programs measure is not shown by actor")
    func onlyCounted() {
        let series = ActorSeries(nil) { $0.metric == .readRetries }
        #expect(!series.parts(MS_ACTOR_RETRY.rawValue).isEmpty)
        #expect(series.parts(MS_ACTOR_PAGE_HOLD.rawValue).isEmpty)
    }

    @Test("paths of cgroups are put together from the names of their levels")
    func paths() {
        func level(_ parent: UInt64, _ name: String) -> ms_cgroup {
            var cgroup = ms_cgroup()
            cgroup.parent = parent
            cgroup.known = 1
            withUnsafeMutableBytes(of: &cgroup.name) { $0.copyBytes(from: Array(name.utf8)) }
            return cgroup
        }
        var names = CgroupPaths()
        names.learn([(1, level(0, "")), (2, level(1, "system.slice")), (3, level(2, "a\u{1B}.service"))])
        #expect(names.path(3) == Array("/system.slice/a\u{1B}.service".utf8))
        #expect(names.path(1) == Array("/".utf8))
        #expect(names.path(9) == nil)
        names.learn([(5, level(4, "lost"))])
        #expect(names.path(5) == nil, "a level above it is not known")
    }

    @Test("a host with controllers of cgroup v1 is told by their groups, any other by those of v2")
    func hierarchies() {
        let two = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
        let one = two + "35 25 0:30 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids\n"
        #expect(CgroupHierarchy(mounts: two) { _ in 8 }.subsystem == 0)
        #expect(CgroupHierarchy(mounts: two) { _ in 8 }.mountPoint == "/sys/fs/cgroup")
        let legacy = CgroupHierarchy(mounts: one) { $0 == "pids" ? 8 : nil }
        #expect(legacy.subsystem == 9)
        #expect(legacy.mountPoint == "/sys/fs/cgroup/pids")
        #expect(CgroupHierarchy(mounts: one) { _ in nil }.subsystem == 0)
        #expect(CgroupHierarchy(mounts: "rubbish\n1 2 3 -\n") { _ in 1 }.mountPoint == nil)
    }
}
