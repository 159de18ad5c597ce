import CProbe
import Testing

@testable import Probe

@Suite("Rows of blame that nothing can be added to") struct BlameDeparturesTests {
    private func actor(_ process: UInt32) -> ms_actor_key {
        ms_actor_key(start_ns: UInt64(process), cgroup: 1, mnt_ns: 1, tgid: process, series: 0)
    }

    private func row(_ writer: UInt32, _ victim: UInt32) -> ms_blame_key {
        var key = ms_blame_key()
        (key.writer, key.victim) = (actor(writer), actor(victim))
        return key
    }

    private func pairs(_ rows: [ms_blame_key]) -> [[UInt32]] { rows.map { [$0.writer.tgid, $0.victim.tgid] } }

    @Test("a row goes with its victim at once, and with its writer when no victim can find that any more")
    func harvest() {
        let rows = [row(1, 2), row(1, 3), row(4, 3), row(3, 1)]
        var departures = BlameDepartures()
        departures.note([Identity(actor(9))], in: rows)
        #expect(departures.isEmpty, "who is in no row is nothing to wait for")
        departures.note([Identity(actor(1))], in: rows)
        let first = departures.harvest(rows, latest: [Identity(actor(1))])
        #expect(pairs(first.rows) == [[3, 1]])
        #expect(first.settled.isEmpty && !departures.isEmpty)
        let second = departures.harvest(Array(rows.prefix(3)), latest: [Identity(actor(4))])
        #expect(pairs(second.rows) == [[1, 2], [1, 3]])
        #expect(second.settled == [Identity(actor(1))] && departures.isEmpty)
    }
}

@Suite("Actors without a name") struct UnnamedActorTests {
    private func row(_ writer: UInt32, _ victim: UInt32 = 9) -> ms_blame_key {
        func actor(_ process: UInt32) -> ms_actor_key {
            ms_actor_key(start_ns: UInt64(process), cgroup: 1, mnt_ns: 1, tgid: process, series: 0)
        }
        var key = ms_blame_key()
        (key.writer, key.victim) = (actor(writer), actor(victim))
        return key
    }

    @Test("a writer without a name is waited for once; then it is nobody, also when such a name turns up")
    func writers() {
        var actors = UnnamedActors()
        let rows = [row(0), row(1), row(2), row(3)]
        #expect(actors.judge(rows) { [1, 9].contains($0.tgid) } == [.unknown, .known, .notYet, .notYet])
        #expect(actors.judge(rows) { $0.tgid != 3 } == [.unknown, .known, .known, .unknown])
        #expect(actors.judge(rows) { _ in true } == [.unknown, .known, .known, .unknown])
        #expect(actors.judge([row(1)]) { _ in true } == [.known])
        #expect(actors.judge([row(3)]) { _ in true } == [.known], "the row was taken out meanwhile, and is another one")
    }

    @Test("a victim without a name is waited for once; then it is told without one")
    func victims() {
        var actors = UnnamedActors()
        let rows = [row(1, 8), row(0, 8)]
        #expect(actors.judge(rows) { $0.tgid == 1 } == [.notYet, .notYet])
        for _ in 1...3 { #expect(actors.judge(rows) { $0.tgid == 1 } == [.known, .unknown]) }
    }
}

@Suite("The kernel's table of cgroups is emptied in time") struct CgroupHarvestTests {
    private func level(_ number: UInt64, of parent: UInt64) -> (key: UInt64, value: ms_cgroup) {
        var cgroup = ms_cgroup()
        (cgroup.parent, cgroup.known) = (parent, 1)
        cgroup.name.0 = UInt8(ascii: "c")
        return (number, cgroup)
    }

    @Test("from half of its room on, all that was learned is taken out; what is not used is let go at the next time")
    func harvest() {
        let many = UInt64(CgroupPaths.harvestFrom)
        var paths = CgroupPaths()
        let few = [level(1, of: 0), level(2, of: 1)]
        paths.learn(few)
        #expect(paths.harvest([1, 2], used: []).isEmpty && paths.path(2) != nil)
        let churn = (3...many + 2).map { level($0, of: 1) }
        paths.learn(churn)
        let known = Array(1...many + 2)
        let taken = paths.harvest(known + [many + 3], used: [2])
        #expect(taken.sorted() == known, "one that is not written yet stays")
        #expect(paths.path(many) != nil, "its actor may be told of now")
        let later = (many + 3...2 * many + 3).map { level($0, of: 1) }
        paths.learn(later)
        _ = paths.harvest(later.map(\.key) + [5], used: [2])
        #expect(paths.path(many) == nil && paths.path(2) != nil && paths.path(5) != nil)
    }
}
