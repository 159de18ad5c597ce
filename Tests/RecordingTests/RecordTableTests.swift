import Contention
import Glibc
import RecordingFixture
import SystemCalls
import Testing

@testable import Recording

@Suite struct RecordTableTests {
    private let temporary: TemporaryFolder
    private var path: String { "\(temporary.path)/run" }
    private var run = SmallRun(seed: 3)

    init() throws {
        temporary = try TemporaryFolder()
        for _ in 0..<3 { run.addInterval() }
        run.addRecords()
    }

    private func edit(_ name: String, _ change: (String) -> String) throws {
        try temporary.write(change(try temporary.read("run/\(name)")), to: "run/\(name)")
    }

    private func batches() throws -> [RecordBatch] {
        var reader = try RecordReader(RunReader(path).run)
        let batches = try (1...3).map { try reader.batch($0) }
        try reader.finish()
        return batches
    }

    @Test("records are read as they were written, hostile names too", arguments: [RunEnd.finished, nil])
    func recordsAreReadAsTheyWereWritten(end: RunEnd?) throws {
        try run.write(to: path, end: end)
        let read = try batches()
        for (one, other) in zip(read, run.records) {
            #expect(one.actors == other.actors)
            #expect(one.tasks == other.tasks)
            #expect(one.scans == other.scans)
            #expect(one.blame == other.blame)
            #expect(one.namespaces == other.namespaces)
        }
    }

    @Test("each table has its columns in their order, and a cell that is not known is empty")
    func eachTableHasItsColumns() throws {
        try run.write(to: path)
        func lines(_ name: String) throws -> [Substring] { try temporary.read("run/\(name)").split(separator: "\n") }
        let actor: String =
            "00000000-0000-4000-8000-000000000000,1,1,123456789012,\"a,\"\"b\"\"\",1,/system.slice/a\\x5Cx2db.service,"
            + "'@docker,9,1,process,4026531841"
        let actors = try lines("actors.csv").prefix(2).map(String.init)
        let columns = "run_id,actor,tgid,start_ns,comm,cgroup_id,cgroup,container,mnt_ns,first_seq,kind,mnt_ns_inode"
        #expect(actors == [columns, actor])
        let tasks = try lines("tasks.csv")
        #expect(
            tasks[0]
                == "run_id,seq,t_mono_ns,time,dt_ns,actor,lock,metric,site,count,sum_ns,max_ns,mode,involuntary,voluntary,"
                + "throttled_ns")
        #expect(tasks[1].hasSuffix(",1,namespace_sem,write_hold,mount,1,1000,900,exact,0,1,"))
        #expect(tasks[2].hasSuffix(",1,mount_lock,read_retries,walk,3,,,estimated,,,"))
        let scans = try lines("scans.csv")
        #expect(
            scans[0]
                == "run_id,seq,t_mono_ns,time,dt_ns,actor,table,mnt_ns,complete,abandoned,redundant,polled,pages,mounts,"
                + "bytes,buffer,hold_ns,hold_max_ns,wall_ns,wall_max_ns,mnt_ns_inode")
        #expect(scans[1].hasSuffix(",1,mountinfo,9,1,0,0,,4,,12345,1024,77000,,,,4026531841"))
        let blame = try lines("blame.csv")
        #expect(
            blame[0] == "run_id,seq,t_mono_ns,time,dt_ns,writer,operation,victim,lock,metric,count,sum_ns,mode")
        #expect(blame[1].hasSuffix(",,umount,1,mount_lock,read_retries,1,,exact"))
        let namespaces = try lines("namespaces.csv")
        #expect(
            namespaces[0]
                == "run_id,seq,t_mono_ns,time,dt_ns,mnt_ns,mounts,peers,processes,container,events,mnt_ns_inode")
        #expect(namespaces[1].hasSuffix(",9,30,2,,docker:web,,4026531841"))
    }

    @Test("a rotated run has every part of every table, and they are read as one")
    func aRotatedRunHasEveryPart() throws {
        var options = RunWriter.Options()
        options.rotation = .time(1_000_000_000)
        try run.write(to: path, options: options)
        #expect(
            temporary.names(in: "run").filter { $0.hasPrefix("tasks") } == ["tasks-2.csv", "tasks-3.csv", "tasks.csv"])
        #expect(try batches().map(\.tasks) == run.records.map(\.tasks))
        #expect(try RunReader(path).run.files.count == 3 * 7)
    }

    @Test("the records of a run are added up as those of its intervals are")
    func theRecordsOfARunAreAddedUp() throws {
        try run.write(to: path)
        let totals = try RunReader(path).records(3)
        // Actor 1 in three intervals, each of its rows once.
        let key = TaskRow.Key(actor: 1, series: SeriesKey(.semaphoreWriteHold, site: "mount"))
        #expect(totals.tasks[key]?.count == 3)
        #expect(totals.tasks[key]?.nanoseconds == 3_000)
        #expect(totals.tasks[key]?.maximum == 900)
        #expect(totals.actors.count == 6)
        #expect(totals.namespaces[SmallRun.namespace]?.row.mounts == 32)
        // Of the first interval it is not known.
        #expect(totals.namespaces[SmallRun.namespace]?.row.events == nil)
    }

    @Test("a replay has the records of each interval")
    func aReplayHasTheRecords() throws {
        try run.write(to: path)
        var replay = try Replay(RunReader(path).run, speed: nil, waiter: World(), clock: { 0 })
        var tasks: [[TaskRow]] = []
        while case .interval(let bundle) = try replay.next() { tasks.append(bundle.records.tasks) }
        #expect(tasks == run.records.map(\.tasks))
    }

    @Test(
        "a changed, cut or missing table of a run that ended is an error",
        arguments: ["actors.csv", "tasks.csv", "scans.csv", "blame.csv", "namespaces.csv"])
    func aDamagedTableIsAnError(name: String) throws {
        try run.write(to: path)
        let text = try temporary.read("run/\(name)")
        try temporary.write(String(text.dropLast(5)), to: "run/\(name)")
        #expect(throws: RunReadError.self) { try RunReader(path).records(3) }
        try temporary.write(
            text.replacing("4026531841", with: "4026531842").replacing("exact", with: "EXACT"), to: "run/\(name)")
        #expect(throws: RunReadError.self) { try RunReader(path).records(3) }
        unlink("\(path)/\(name)")
        #expect(throws: RunReadError(path: "\(path)/\(name)", reason: "the file is missing")) {
            try RunReader(path).records(3)
        }
    }

    @Test("rows of an interval that is not whole count as not written")
    func rowsOfAnIntervalThatIsNotWholeDoNotCount() throws {
        try run.write(to: path, end: nil)
        try edit("intervals.csv") { String($0.dropLast(3)) }
        let reader = try RunReader(path)
        let totals = try reader.totals()
        #expect(totals.intervals == 2)
        #expect(try reader.records(totals.intervals).actors.count == 4)
        // A torn row at the end is no row.
        try edit("tasks.csv") { String($0.dropLast(3)) }
        #expect(try RunReader(path).records(2).actors.count == 4)
    }

    @Test("what cannot be in a table without a checksum is an error too")
    func whatCannotBeIsAnError() throws {
        let changes: [(name: String, from: String, to: String)] = [
            ("tasks.csv", ",exact,", ",exactly,"),
            ("tasks.csv", ",1,mount_lock,read_retries,walk,3,", ",1,mount_lock,read_tries,walk,3,"),
            ("tasks.csv", ",2,mount_lock,", ",1,mount_lock,"),
            ("tasks.csv", ",2,mount_lock,", ",7,mount_lock,"),
            ("tasks.csv", "2024-02-29T", "2024-02-30T"),
            ("scans.csv", ",mountinfo,", ",mounttable,"),
            ("blame.csv", ",umount,1,", ",umount,99,"),
            ("actors.csv", ",process,", ",thread,"),
            ("actors.csv", ",2,2,", ",1,2,"),
            ("namespaces.csv", "000000000000,2,", "000000000000,0,"),
        ]
        for change in changes {
            try run.write(to: path, end: nil)
            let text = try temporary.read("run/\(change.name)")
            #expect(text.contains(change.from), "\(change)")
            try temporary.write(
                text.replacing(change.from, with: change.to, maxReplacements: 1), to: "run/\(change.name)")
            #expect(throws: RunReadError.self, "\(change)") { try RunReader(path).records(3) }
            for name in temporary.names(in: "run") { unlink("\(path)/\(name)") }
            rmdir(path)
        }
    }

    @Test("a run of an earlier version has no records, and says so")
    func aRunOfAnEarlierVersionHasNoRecords() throws {
        try run.write(to: path, end: nil)
        for name in ["actors.csv", "tasks.csv", "scans.csv", "blame.csv", "namespaces.csv"] {
            unlink("\(path)/\(name)")
        }
        try edit("run.json") { text in
            text.replacing("\"unavailable_records\"", with: "\"of another time\"")
                .replacing("\"schema_minor\": \(RunDescription.schemaMinor)", with: "\"schema_minor\": 4")
                .split(separator: "\n").map { $0.contains("\"crc32\": \"") ? "  \"crc32\": null" : String($0) }
                .joined(separator: "\n")
        }
        let reader = try RunReader(path)
        #expect(try reader.totals().intervals == 3)
        let records = try reader.records(3)
        #expect(records.isEmpty)
        #expect(records.unavailable[.tasks] == "the run was recorded without it")
        #expect(try reader.passedOver().isEmpty)
    }
}
