import CProbe
import Contention
import KernelFixtures
import SiteMap
import Testing

@testable import Probe

@Suite("The sampler") struct SamplerTests {
    typealias Kernel = HandMadeKernel

    private static let everything = Facilities(kprobePMU: 8, kprobeRefusal: nil, tracingRefusal: nil)
    private static let nothing = Facilities(
        kprobePMU: nil, kprobeRefusal: .missing(reason: "no kprobes"), tracingRefusal: .missing(reason: "no tracing"),
        samplingRefusal: .missing(reason: "no timers"))

    private func plan(
        _ kernel: KernelMap, _ facilities: Facilities = everything, rate: SampleRate = .standard,
        attach: AttachChoice = .auto
    ) -> SamplerPlan {
        var options = ProbeOptions()
        options.sampling = rate
        options.attach = attach
        return SamplerPlan(kernel, facilities, options, cpus: 4)
    }

    @Test("the words of both locks are sampled on a kernel that has neither kprobes nor a map of its loops")
    func words() {
        let plan = plan(Kernel().map())
        for metric in [Metric.writeDuty, .lockDuty, .lockQueue, .semaphoreReadDuty, .semaphoreWriteDuty] {
            #expect(plan.offer(SeriesKey(metric)).mode == .sampled)
        }
        let spin = plan.offer(SeriesKey(.spinShare))
        #expect(spin.mode == .unavailable && !spin.reason.isEmpty)
        #expect(plan.targets.configuration.sequence == Kernel.mountLock)
        #expect(plan.targets.configuration.spinlock == Kernel.mountLock + 4)
        #expect(plan.targets.configuration.semaphore == Kernel.namespaceSem)
        #expect(plan.targets.configuration.acquires.start == Kernel.spinLock)
        #expect(plan.targets.configuration.sleeps == 0)
    }

    @Test("on PREEMPT_RT the spinlock's word is the owner of its rtmutex, and nobody spins")
    func realtime() {
        var kernel = Kernel()
        kernel.rename("_raw_spin_lock", to: "rt_spin_lock")
        kernel.types.spinlockOffset = 16
        kernel.types.ownerOffset = 24
        kernel.variable("mount_lock", at: Kernel.mountLock)
        let plan = plan(kernel.map())
        #expect(plan.targets.configuration.sleeps == 1)
        #expect(plan.targets.configuration.spinlock_argument == Kernel.mountLock + 16)
        #expect(plan.targets.configuration.spinlock == Kernel.mountLock + 16 + 24)
        #expect(plan.offer(SeriesKey(.lockDuty)).mode == .sampled)
        #expect(plan.offer(SeriesKey(.spinShare)).reason.contains("reader_wait"))
        kernel.types.ownerOffset = nil
        #expect(self.plan(kernel.map()).offer(SeriesKey(.lockDuty)).mode == .unavailable)
    }

    @Test("what keeps samples away is said: the kernel, the rate or the choice of probes")
    func reasons() {
        let kernel = Kernel().map()
        let key = SeriesKey(.writeDuty)
        #expect(plan(kernel, Self.nothing).offer(key).reason == "no timers")
        #expect(plan(kernel, rate: .off).offer(key).reason == "not sampled: --sample-hz off")
        #expect(plan(kernel, attach: .cold).offer(key).reason == "not sampled: --attach cold")
        #expect(plan(kernel, attach: .cold).rows([key]).first?.hint.contains("--sample-hz") == true)
        #expect(plan(kernel, rate: .hertz(99), attach: .cold).offer(key).mode == .sampled)
        #expect(plan(kernel, rate: .hertz(99)).rows([key]).first?.function == "99 Hz on each CPU")
        #expect(plan(kernel).refused("no").offer(key).reason == "no")
    }

    @Test("samples that are off begin when probes are taken off, unless nobody wants or has them")
    func awakening() throws {
        let kernel = Kernel().map()
        let awakened = try #require(plan(kernel, attach: .cold).awakened)
        #expect(awakened.hertz == 499 && awakened.offer(SeriesKey(.lockDuty)).mode == .sampled)
        #expect(awakened.awakened == nil)
        #expect(plan(kernel).awakened == nil, "they are on")
        #expect(plan(kernel, rate: .off).awakened == nil)
        #expect(plan(kernel, Self.nothing, attach: .cold).awakened == nil)
        #expect(plan(kernel, attach: .cold).refused("no").awakened == nil)
    }

    @Test("whatever is timed or counted at the locks' instructions has a sampled counterpart of the same lock")
    func counterparts() throws {
        for metric in LockSiteSeries.metrics where metric != .readerWait {
            let other = try #require(metric.row.standIn, "\(metric.qualifiedName)")
            #expect(SamplerPlan.metrics.contains(other) && other.subject == metric.subject)
        }
    }

    @Test("many CPUs take fewer samples each")
    func rates() {
        #expect(
            [1, 2, 4, 8, 16, 17, 64, 512].map { SampleRate.standardHertz(cpus: $0) } == [
                499, 499, 499, 293, 149, 99, 99, 99,
            ])
        #expect(SampleRate.standard.hertz(.auto, cpus: 64) == 99)
        #expect(SampleRate.hertz(1234).hertz(.cold, cpus: 64) == 1234 && SampleRate.off.hertz(.all, cpus: 1) == nil)
    }

    @Test("every metric of samples has a row in the attach table, and no other")
    func rows() {
        let kernel = Kernel().map()
        let table = SupplierList(
            foreseen: SupplierCatalogue.suppliers(
                kernel, Self.everything, ProbeOptions(), possibleCPUs: 2, sequence: { nil }))
        let sampled = table.rows.filter { $0.program == "perf_event" }.map(\.key)
        #expect(sampled == table.keys.filter(SamplerPlan.gives))
        #expect(Set(sampled.map(\.metric)) == Set(SamplerPlan.metrics))
    }

    @Test("the share of spins is a lower bound while probes stand in its loops, a share of samples when they are gone")
    func probedLoops() throws {
        let kernel = try FixtureKernel(#require(KernelFixture.names.first)).map()
        let plan = plan(kernel)
        let function = try #require(plan.targets.functions.first)
        let key = SeriesKey(.spinShare, site: function)
        #expect(plan.offer(key).mode == .sampled && plan.offer(key).note.isEmpty)
        let probed = plan.probingLoops(true)
        #expect(probed.offer(key).mode == .estimated && probed.offer(key).note.contains("lower bound"))
        #expect(probed.rows([key]).first?.reason.contains("reader_spins") == true)
        #expect(probed.offer(SeriesKey(.writeDuty)).mode == .sampled, "the words are sampled as before")
        #expect(probed.probingLoops(false).offer(key).mode == .sampled)
        #expect(self.plan(kernel, attach: .cold).probingLoops(true).awakened?.offer(key).mode == .estimated)
        #expect(probed.refused("no").offer(key).mode == .unavailable)
    }

    @Test("shares are of all samples, those of the spinlock of the samples that say something about it")
    func shares() {
        let words = MemoryLayout<ms_samples>.stride / 8
        var table = [UInt64](repeating: 0, count: 2 * words)
        for (cpu, (taken, judged, odd, locked)) in [(100, 90, 10, 9), (50, 50, 5, 60)].enumerated() {
            let found = cpu * words + 3
            table[cpu * words] = UInt64(taken)
            table[cpu * words + 1] = UInt64(judged)
            table[cpu * words + 2] = UInt64(40 + cpu)
            table[found + Int(MS_FOUND_WRITER.rawValue)] = 4
            table[found + Int(MS_FOUND_ODD.rawValue)] = UInt64(odd)
            table[found + Int(MS_FOUND_LOCKED.rawValue)] = UInt64(locked)
            table[found + Int(MS_FINDINGS) + Int(MS_FOUND_ODD.rawValue)] = 1
            table[found + Int(MS_FOUND_SPINS.rawValue) + 1] = UInt64(7 * cpu)
        }
        let samples = SampleTable(cpus: 2, words: table)
        #expect(samples.taken == 150 && samples.taken(cpu: 0) == 100 && samples.taken(cpu: 1) == 50)
        #expect(samples.share(MS_FOUND_ODD, of: .taken) == Share(part: 15, whole: 150, repeats: 2))
        // A part that is ahead of its whole is held back.
        #expect(samples.share(MS_FOUND_LOCKED, of: .spinlock) == Share(part: 9 + 50, whole: 140, repeats: 0))
        #expect(samples.share(MS_FOUND_WRITER, of: .semaphore) == Share(part: 8, whole: 81, repeats: 0))
        #expect(samples.spins(1) == [Share(part: 0, whole: 100, repeats: 0), Share(part: 7, whole: 50, repeats: 0)])
    }

    @Test("the compiled sampler has the program and the structs that Swift asks for")
    func object() throws {
        let object = try BPFObject(.sampler, name: "mountscope_time")
        #expect(object.setConstants(ms_sampler_config()))
        #expect(object.map("samples", holds: ms_samples.self))
        #expect(MemoryLayout<ms_samples>.stride == 8 * (3 + 2 * Int(MS_FINDINGS)))
    }
}

@Suite("Loops that wait for an even sequence") struct SpinLoopTests {
    private static let sequence: UInt64 = 0xffff_ffff_8200_0000
    private static let start: UInt64 = 0xffff_ffff_8110_0000

    private func spins(_ assemble: (inout MachineCode) -> Void) -> [Site] {
        var code = MachineCode(start: Self.start)
        assemble(&code)
        let function = KernelFunction(name: "waits", start: Self.start, bytes: code.bytes)
        let locks = LockAddresses(sequence: Self.sequence, spinlockOffset: 4, semaphore: nil, functions: [:])
        let references = code.bytes.withUnsafeBytes {
            TextScan.references(in: $0, at: Self.start, to: locks.targets)
        }
        return SiteMap([function], locks: locks, references: references).sites(.spin)
    }

    @Test("a loop whose load follows its pause is one piece, the jump back included")
    func onePiece() throws {
        let spin = try #require(
            spins { code in
                code.pad(2)
                code.bytes([0xF3, 0x90])  // pause
                code.load(Self.sequence)  // mov sequence,%eax
                code.bytes([0xA8, 0x01])  // test $1,%al
                code.bytes([0x74, 0x02])  // je past the jump
                code.bytes([0xEB, 0xF2])  // jmp to the pause
                code.bytes([0xC3])
            }.first)
        #expect(spin.loop == [Self.start + 2..<Self.start + 16])
        #expect(spin.register == 0)
    }

    @Test("a loop whose pause was moved away is two pieces")
    func twoPieces() throws {
        let spin = try #require(
            spins { code in
                code.load(Self.sequence)  // 0: mov sequence,%eax
                code.bytes([0xA8, 0x01])  // 6: test $1,%al
                code.bytes([0x75, 0x05])  // 8: jne to the pause
                code.pad(4)
                code.bytes([0xC3])  // 14: ret
                code.bytes([0xF3, 0x90])  // 15: pause
                code.bytes([0xEB, 0xED])  // 17: jmp to the load
            }.first)
        #expect(spin.loop == [Self.start + 15..<Self.start + 19, Self.start..<Self.start + 10])
    }
}
