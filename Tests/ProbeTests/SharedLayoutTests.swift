import CProbe
import CProgramsFixture
import Contention
import ProbeImage
import Testing

@testable import Probe

/// What the BPF programs, C and Swift each believe of the same bytes.
@Suite("The layout that BPF, C and Swift share") struct SharedLayoutTests {
    @Test("the buckets are as many and as wide in C as in Swift")
    func constants() {
        #expect(Int(fixture_sub_bucket_bits()) == HistogramLayout.subBucketBits)
        #expect(Int(fixture_maximum_exponent()) == HistogramLayout.maximumExponent)
        #expect(Int(fixture_buckets()) == HistogramLayout.bucketCount)
    }

    @Test("structs have no padding, and as many elements as there are sites, tables and buckets")
    func structs() {
        let tables = ["mountinfo", "mounts", "mountstats"].count
        let counters = Metric.readRetries.sites.count + Metric.walkFallbacks.sites.count + 3 * tables + 3
        #expect(MemoryLayout<ms_counters>.stride == 8 * counters)
        #expect(MemoryLayout<ms_runs>.stride % 64 == 0, "whole cache lines")
        #expect(MemoryLayout<ms_runs>.stride / 8 >= FunctionPrograms.all.count)
        #expect(MemoryLayout<ms_site>.stride == 8)
        #expect(MemoryLayout<ms_site_config>.stride == 8 * 4 + MemoryLayout<ms_actor_config>.stride)
        #expect(MemoryLayout<ms_histogram>.stride == 8 * (3 + HistogramLayout.bucketCount))
        #expect(MemoryLayout<ms_page_times>.stride == 2 * MemoryLayout<ms_histogram>.stride)
        #expect(MemoryLayout<ms_function>.stride == Int(fixture_function_parts()) * MemoryLayout<ms_range>.stride)
        let functions = 4 + PathWalk.allCases.count
        let places = functions * MemoryLayout<ms_function>.stride
        #expect(MemoryLayout<ms_config>.stride == 8 * 7 + places + 16 + MemoryLayout<ms_actor_config>.stride)
        #expect(MemoryLayout<ms_window>.stride == Int(fixture_window_bytes()))
    }

    @Test("sites come in the same order in C as in Swift")
    func order() {
        let retries = [MS_RETRY_LOOKUP, MS_RETRY_WALK, MS_RETRY_DOTDOT, MS_RETRY_D_PATH].map { Int($0.rawValue) }
        #expect(["lookup", "walk", "dotdot", "d_path"].map { Metric.readRetries.sites.firstIndex(of: $0) } == retries)
        let walks = [MS_WALK_LOOKUP, MS_WALK_OPEN, MS_WALK_PARENT].map { Int($0.rawValue) }
        #expect(["lookup", "open", "parent"].map { Metric.walkFallbacks.sites.firstIndex(of: $0) } == walks)
        let tables = [MS_TABLE_MOUNTINFO, MS_TABLE_MOUNTS, MS_TABLE_MOUNTSTATS].map { Int($0.rawValue) }
        for metric in [Metric.readWait, .readHold] {
            #expect(["mountinfo", "mounts", "mountstats"].map { metric.sites.firstIndex(of: $0) } == tables)
        }
        #expect(Int(MS_TABLES.rawValue) == tables.count)
    }

    @Test(
        "every series of the programs on instructions has a histogram of its own, and every histogram but one a series")
    func siteHistograms() {
        let keys = SeriesKey.all.filter { LockSiteReader.histogram($0) != nil }
        let used = keys.compactMap(LockSiteReader.histogram)
        #expect(Set(used).count == used.count, "no two share one")
        let all = Set(0..<Int(MS_SITE_HISTOGRAMS.rawValue))
        // Whoever holds the semaphore for writing waits for nothing when it downgrades.
        #expect(all.subtracting(used) == [Int(MS_SITE_SEM_READ_WAIT.rawValue + MS_READER_NOTIFY.rawValue)])
        #expect(keys.allSatisfy { $0.metric.kind == .durations })
    }

    @Test("operations and readers come in the same order in C as in Swift")
    func siteOrder() throws {
        let operations: [(String, ms_operation)] = [
            ("mount", MS_OPERATION_MOUNT), ("umount", MS_OPERATION_UMOUNT), ("move_mount", MS_OPERATION_MOVE_MOUNT),
            ("mount_setattr", MS_OPERATION_MOUNT_SETATTR), ("open_tree", MS_OPERATION_OPEN_TREE),
            ("unshare", MS_OPERATION_UNSHARE), ("clone", MS_OPERATION_CLONE), ("pivot_root", MS_OPERATION_PIVOT_ROOT),
            ("exit", MS_OPERATION_EXIT), ("expiry", MS_OPERATION_EXPIRY), ("other", MS_OPERATION_OTHER),
        ]
        #expect(operations.map(\.0) == Metric.writeWait.sites && operations.map(\.0) == Metric.semaphoreWriteHold.sites)
        for (site, operation) in operations {
            let wait = Int(MS_SITE_SEM_WRITE_WAIT.rawValue + operation.rawValue)
            let hold = Int(MS_SITE_SEM_WRITE_HOLD.rawValue + operation.rawValue)
            #expect(LockSiteReader.histogram(SeriesKey(.writeWait, site: site)) == wait)
            #expect(LockSiteReader.histogram(SeriesKey(.semaphoreWriteHold, site: site)) == hold)
        }
        let readers: [(String, ms_reader)] = [
            ("statmount", MS_READER_STATMOUNT), ("listmount", MS_READER_LISTMOUNT), ("notify", MS_READER_NOTIFY),
            ("other", MS_READER_OTHER),
        ]
        for (site, reader) in readers {
            let hold = Int(MS_SITE_SEM_READ_HOLD.rawValue + reader.rawValue)
            #expect(LockSiteReader.histogram(SeriesKey(.readHold, site: site)) == hold)
        }
    }

    @Test("programs come in the same order in C as in Swift")
    func programOrder() {
        let programs: [(String, ms_program)] = [
            ("legitimize_mnt", MS_PROGRAM_LEGITIMIZE_MNT), ("handle_dots", MS_PROGRAM_HANDLE_DOTS),
            ("path_lookupat", MS_PROGRAM_PATH_LOOKUPAT), ("path_openat", MS_PROGRAM_PATH_OPENAT),
            ("path_parentat", MS_PROGRAM_PATH_PARENTAT), ("prepend_path_locks", MS_PROGRAM_PREPEND_PATH_LOCKS),
            ("prepend_path_enter", MS_PROGRAM_PREPEND_PATH_ENTER), ("prepend_path_exit", MS_PROGRAM_PREPEND_PATH_EXIT),
            ("m_start", MS_PROGRAM_M_START), ("m_start_acquired", MS_PROGRAM_M_START_ACQUIRED),
            ("m_stop", MS_PROGRAM_M_STOP), ("legitimize_mnt_fails", MS_PROGRAM_LEGITIMIZE_MNT_FAILS),
            ("handle_dots_fails", MS_PROGRAM_HANDLE_DOTS_FAILS), ("lookup_redone", MS_PROGRAM_LOOKUP_REDONE),
            ("open_redone", MS_PROGRAM_OPEN_REDONE), ("parent_redone", MS_PROGRAM_PARENT_REDONE),
            ("read_waited", MS_PROGRAM_READ_WAITED), ("read_waits", MS_PROGRAM_READ_WAITS),
            ("mounts_release", MS_PROGRAM_MOUNTS_RELEASE),
        ]
        #expect(programs.count == Int(MS_PROGRAMS.rawValue))
        for (name, program) in programs {
            #expect(FunctionPrograms.all.firstIndex(of: name) == Int(program.rawValue), "\(name)")
        }
        let onSites: [(LockSite.Program, ms_site_program)] = [
            (.lockContended, MS_PROGRAM_LOCK_CONTENDED), (.writeAcquired, MS_PROGRAM_WRITE_ACQUIRED),
            (.writeLeft, MS_PROGRAM_WRITE_LEFT), (.exclusiveAcquired, MS_PROGRAM_EXCLUSIVE_ACQUIRED),
            (.exclusiveReleased, MS_PROGRAM_EXCLUSIVE_RELEASED), (.readerPaused, MS_PROGRAM_READER_PAUSED),
            (.readerBlocked, MS_PROGRAM_READER_BLOCKED), (.readerResumed, MS_PROGRAM_READER_RESUMED),
            (.semaphoreRequested, MS_PROGRAM_SEMAPHORE_REQUESTED), (.semaphoreAcquired, MS_PROGRAM_SEMAPHORE_ACQUIRED),
            (.semaphoreReleased, MS_PROGRAM_SEMAPHORE_RELEASED),
        ]
        #expect(onSites.count == Int(MS_SITE_PROGRAMS.rawValue))
        #expect(onSites.map { Int($0.1.rawValue) } == Array(onSites.indices))
        #expect(onSites.map(\.0) == LockSite.Program.allCases)
    }

    @Test("the programs' bucket of every edge is Swift's")
    func edges() {
        for bucket in 0..<HistogramLayout.bucketCount {
            let lower = HistogramLayout.lowerEdge(of: bucket)
            #expect(Int(fixture_bucket_of(lower)) == bucket)
            if let upper = HistogramLayout.upperEdge(of: bucket) { #expect(Int(fixture_bucket_of(upper)) == bucket) }
        }
        for power in 0..<64 {
            let value = UInt64(1) << UInt64(power)
            for near in [value - 1, value, value + 1] { expectSameBucket(near) }
        }
        expectSameBucket(.max)
    }

    @Test("the programs' bucket of 100,000 random durations, long and short, is Swift's")
    func randomDurations() {
        for _ in 0..<100_000 { expectSameBucket(UInt64.random(in: 0...(.max)) >> UInt64.random(in: 0..<64)) }
    }

    @Test("the programs record what Swift records")
    func recording() {
        var raw = ms_histogram()
        var expected = Histogram.empty
        for _ in 0..<10_000 {
            let duration = UInt64.random(in: 0..<(1 << 50)) >> UInt64.random(in: 0..<50)
            fixture_record(&raw, duration)
            expected.record(duration)
        }
        #expect(Histogram(raw) == expected)
    }

    @Test("the compiled object has every program and map that Swift asks for, and its structs' sizes")
    func object() throws {
        let object = try BPFObject(.programs, name: "mountscope")
        #expect(object.setConstants(ms_config()))
        #expect(!object.setConstants(UInt64(0)), "a struct of another size is noticed")
        #expect(object.map("counters", holds: ms_counters.self))
        #expect(object.map("page_times", holds: ms_page_times.self))
        #expect(object.map(FunctionPrograms.runsMap, holds: ms_runs.self, times: Int(MS_RUN_ROWS)))
        #expect(!object.map("counters", holds: ms_histogram.self))
        #expect(!object.map("no_such_map", holds: ms_counters.self))
        let actors = try BPFObject(.actors, name: "mountscope_who")
        #expect(ActorTables.shared.allSatisfy { actors.setEntries($0, 1) }, "each is in the object that is shared")
        #expect(actors.map("blame_rows", holds: ms_blame_row.self))
        #expect(object.map("scan_rows", holds: ms_kept_scan.self))
        let reader = try BPFObject(.reader, name: "mountscope_read")
        #expect(reader.map("window", holds: ms_window.self))
    }

    @Test("every program that can be attached is in the compiled object", arguments: FunctionPrograms.all)
    func program(name: String) throws {
        var handle: OpaquePointer?
        let diagnosis = Diagnosis()
        let error = ProbeImage.programs.withBytes { bytes in
            cprobe_object_open(bytes.baseAddress, bytes.count, "mountscope", &handle, diagnosis.pointer)
        }
        try #require(error == 0)
        defer { cprobe_object_close(handle) }
        #expect(cprobe_object_leave_out(handle, name) == 0)
    }

    private func expectSameBucket(_ duration: UInt64, at location: SourceLocation = #_sourceLocation) {
        let (inC, inSwift) = (Int(fixture_bucket_of(duration)), HistogramLayout.bucket(of: duration))
        if inC != inSwift { Issue.record("\(duration) ns: \(inC) in C, \(inSwift) in Swift", sourceLocation: location) }
    }
}
