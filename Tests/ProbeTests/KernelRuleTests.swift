import CProbe
import Contention
import KernelFixtures
import ProbeImage
import SiteMap
import Testing

@testable import Probe

/// Rules that must hold on every kernel, whatever it lacks: a kernel on which one does not hold loses that metric, with the
/// reason, and never counts wrong.
@Suite("Rules, on recorded kernels") struct KernelRuleTests {
    private static let tables = ["mountinfo", "mounts", "mountstats"]

    @Test(
        "without data symbols (KALLSYMS_ALL off) instructions tell where the locks are", arguments: KernelFixture.names)
    func withoutDataSymbols(name: String) throws {
        let kernel = try FixtureKernel(name)
        let (map, bare) = (kernel.map(), kernel.without(FixtureKernel.variables).map())
        #expect(bare.symbols.only(named: "mount_lock") == nil)
        #expect(bare.mountLock.addresses == [kernel.fixture.locks.sequence])
        #expect(bare.namespaceSem.address == kernel.fixture.locks.semaphore)
        #expect(bare.pathLocks.addresses == map.pathLocks.addresses && bare.pathLocks.address != nil)
        #expect(try bare.sites.get().sites == map.sites.get().sites)
        #expect(bare.tables.start.address != nil && bare.tables.acquired.address != nil)
        #expect(bare.tables.stop.address != nil)
        let start = try #require(bare.tables.start.address.flatMap(bare.describe))
        #expect(start == "m_start", "of several functions of this name the one that takes namespace_sem")
    }

    @Test("KASLR moves everything, and everything is found", arguments: KernelFixture.names)
    func moved(name: String) throws {
        let distance: UInt64 = 0x2B60_0000
        let (kernel, moved) = (try FixtureKernel(name), FixtureKernel(try KernelFixture(name).moved(by: distance)))
        let (map, other) = (kernel.map(), moved.without(FixtureKernel.variables).map())
        #expect(other.mountLock.address == map.mountLock.address.map { $0 + distance })
        #expect(other.namespaceSem.address == kernel.fixture.locks.semaphore.map { $0 + distance })
        let (here, there) = (LockSiteFinder(kernel: map).plan(), LockSiteFinder(kernel: other).plan())
        #expect(there.sites.map { $0.address - distance } == here.sites.map(\.address))
        #expect(there.sites.map(\.function) == here.sites.map(\.function))
    }

    @Test(
        "a kprobe on a mount table goes where the kernel makes a jump of it; near that it may find the table in a register",
        arguments: [
            ("5.10", 0x70, 5, 20, 3), ("6.12", 0x70, 9, 0, nil), ("6.12-rt", 0x70, 9, 0, nil), ("7.3", 0x68, 9, 0, nil),
        ] as [(String, Int, UInt64, UInt64, UInt8?)])
    func entryPoints(name: String, offset: Int, start: UInt64, stop: UInt64, register: UInt8?) throws {
        let map = try FixtureKernel(name).withPrivate(at: offset).map()
        var facilities = AttachPlanTests.everything
        func places() -> [UInt64?] {
            let plan = AttachPlan(map, facilities)
            return ["m_start", "m_stop"].map { program in
                plan.attachments.first { $0.program == program }?.kprobeAddresses.first
            }
        }
        let entries = [map.tables.start.address, map.tables.stop.address]
        #expect(places() == entries, "not where breakpoints stay")
        facilities.makesJumps = true
        #expect(places() == [entries[0].map { $0 + start }, entries[1].map { $0 + stop }])
        #expect(map.tables.stopPoint?.register == register)
        facilities.takesEntries = true
        #expect(places() == entries, "which costs less still")
    }

    @Test(
        "the plan has every instruction of the map, by functions without a clone's suffix",
        arguments: KernelFixture.names)
    func plan(name: String) throws {
        let map = try FixtureKernel(name).map()
        let (sites, plan) = (try map.sites.get(), LockSiteFinder(kernel: map).plan())
        func count(_ program: LockSite.Program) -> Int { plan.sites.count { $0.program == program } }
        #expect(count(.writeAcquired) == sites.sites(.writeAcquire).count)
        #expect(count(.writeLeft) == sites.sites(.writeLeave).count)
        #expect(count(.exclusiveAcquired) == sites.sites(.exclusiveAcquire).count)
        #expect(count(.exclusiveReleased) == sites.sites(.exclusiveUnlock).count)
        #expect(count(.readerBlocked) == sites.sites(.readerWait).count)
        #expect(count(.semaphoreRequested) == count(.semaphoreAcquired) && count(.semaphoreRequested) > 10)
        #expect(plan.sites.allSatisfy { !$0.function.contains(".") && !$0.function.isEmpty })
        #expect(Set(plan.sites.map { "\($0.program) \($0.address)" }).count == plan.sites.count)
        #expect(plan.slotCount <= Int(MS_SITE_SLOTS) && plan.sites.count <= Int(MS_SITES))
    }

    @Test(
        "the mount tables' own calls of namespace_sem are counted by their own programs only",
        arguments: KernelFixture.names)
    func tablesApart(name: String) throws {
        let map = try FixtureKernel(name).map()
        let ofTables = Set([map.tables.start, map.tables.stop].compactMap(\.address))
        let plan = LockSiteFinder(kernel: map).plan()
        #expect(!ofTables.isEmpty && plan.sites.allSatisfy { !ofTables.contains($0.address - $0.offset) })
    }

    @Test(
        "PREEMPT_RT: readers block, other kernels' readers spin, and the spinlock has a slow path",
        arguments: KernelFixture.names)
    func readers(name: String) throws {
        let kernel = try FixtureKernel(name)
        let map = kernel.map()
        let series = LockSiteSeries(map, AttachPlanTests.everything, choice: .auto)
        let isRealTime = kernel.fixture.isRealTime
        let spins = SeriesKey(.readerSpins, site: isRealTime ? "" : "path_init")
        #expect(series.offer(SeriesKey(.readerWait)).mode == (isRealTime ? .exact : .unavailable))
        #expect(series.offer(spins).mode == (isRealTime ? .unavailable : .exact))
        #expect(series.offer(spins).reason.contains("PREEMPT_RT") == isRealTime)
        for site in ["write", "exclusive"] {
            let wait = series.offer(SeriesKey(.lockWait, site: site))
            #expect(wait.mode == (isRealTime ? .unavailable : .exact), "\(wait.reason)")
        }
        let slowPath = LockSiteFinder(kernel: map).plan().sites.filter { $0.program == .lockContended }
        #expect(slowPath.map(\.function) == (isRealTime ? [] : ["_raw_spin_lock"]))
    }

    @Test("a struct seqlock_t that BTF lays out otherwise loses the lock, and does not read another word")
    func otherLayout() throws {
        let bare = try FixtureKernel("6.12-rt").without(FixtureKernel.variables)
        #expect(bare.withSpinlock(at: nil).map().mountLock.reason.contains("do not agree on where mount_lock is"))
        #expect(bare.withSpinlock(at: 24).map().mountLock.address == nil)
    }

    @Test("a kernel without kprobes has the sequence and what tracing programs give", arguments: KernelFixture.names)
    func withoutKprobes(name: String) throws {
        let map = try FixtureKernel(name).map()
        let plan = AttachPlan(map, AttachPlanTests.noKprobes)
        #expect(plan.offers[SeriesKey(.writeSections)]?.mode == .exact)
        #expect(plan.offers[SeriesKey(.readRetries, site: "d_path")]?.mode == .estimated)
        #expect(plan.attachments.allSatisfy { $0.kprobeAddresses.isEmpty })
        for site in Self.tables { #expect(plan.offers[SeriesKey(.readHold, site: site)]?.mode == .unavailable) }
        let series = LockSiteSeries(map, AttachPlanTests.noKprobes, choice: .auto)
        #expect(series.wanted.isEmpty)
        for key in SeriesKey.all(functions: series.functions).filter(LockSiteSeries.gives) {
            #expect(series.offer(key).reason == "this kernel has no kprobes", "\(key)")
        }
    }

    @Test("a kernel that refuses tracing programs has everything at its instructions", arguments: KernelFixture.names)
    func withoutTracing(name: String) throws {
        let map = try FixtureKernel(name).map()
        let plan = AttachPlan(map, AttachPlanTests.noTracing)
        for (key, source) in plan.offers { #expect(source.mode == .exact, "\(key): \(source.reason)") }
        #expect(plan.offers.count == 14)
        #expect(plan.attachments.allSatisfy { !$0.kprobeAddresses.isEmpty })
    }

    @Test("a kernel that takes nothing has the sequence, and a reason for the rest", arguments: KernelFixture.names)
    func nothing(name: String) throws {
        let plan = AttachPlan(try FixtureKernel(name).map(), AttachPlanTests.nothing)
        #expect(plan.attachments.isEmpty)
        #expect(plan.offers.filter { $0.value.mode != .unavailable }.map(\.key) == [SeriesKey(.writeSections)])
        #expect(plan.offers.values.allSatisfy { $0.mode == .exact || !$0.reason.isEmpty })
    }

    @Test("no rule needs FPROBE or the contention tracepoints")
    func programs() {
        for image in [ProbeImage.programs, .sites] {
            let text = image.withBytes { String(decoding: $0, as: UTF8.self) }
            #expect(text.contains("kprobe"), "names of sections are text")
            #expect(!text.contains("kprobe.multi") && !text.contains("contention_begin"))
        }
    }

    @Test(
        "functions that tell callers apart are in no more parts than the programs can hold",
        arguments: KernelFixture.names)
    func parts(name: String) throws {
        let map = try FixtureKernel(name).map()
        for function in ["__legitimize_mnt", "__legitimize_path", "lookup_mnt", "handle_dots"] {
            #expect(map.symbols.parts(of: function).count <= Int(MS_FUNCTION_PARTS), "\(function)")
        }
    }
}
