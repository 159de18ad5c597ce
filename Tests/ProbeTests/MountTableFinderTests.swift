import Testing

@testable import Probe

@Suite("Finding namespace_sem and the mount tables") struct MountTableFinderTests {
    typealias Kernel = HandMadeKernel

    @Test("of three m_start the one that takes namespace_sem is found, no data symbols needed")
    func noDataSymbols() {
        expectFound(Kernel().map())
    }

    @Test("mounts_op names the pair, where it is in kallsyms")
    func operations() {
        var kernel = Kernel()
        kernel.layOperations()
        expectFound(kernel.map())
        kernel.variable("namespace_sem", at: Kernel.namespaceSem)
        expectFound(kernel.map())
    }

    @Test("a kprobe of somebody else on the load is seen through where mounts_op names the function")
    func probedArgument() {
        var kernel = Kernel()
        kernel.variable("namespace_sem", at: Kernel.namespaceSem)
        kernel.function("m_start", at: Kernel.mountsStart) { code in
            code.byte(0xE9)
            code.pad(13)
            code.call(Kernel.downRead)
            code.pad(9)
        }
        kernel.function("m_stop", at: Kernel.mountsStop) { code in
            code.byte(0xCC)
            code.pad(6)
            code.tailJump(Kernel.upRead)
        }
        #expect(kernel.map().tables.start.reason.contains("no single m_start"), "nothing vouches for it")
        kernel.layOperations()
        #expect(kernel.map().tables.start.addresses == [Kernel.mountsStart])
        #expect(kernel.map().tables.acquired.addresses == [Kernel.mountsStart + 19])
        #expect(kernel.map().tables.stop.addresses == [Kernel.mountsStop])
    }

    @Test("where waiting is a function of its own no acquisition is probed")
    func fewestProbes() {
        var kernel = Kernel()
        func programs() -> Set<String> {
            Set(AttachPlan(kernel.map(), AttachPlanTests.everything).attachments.map(\.program))
        }
        #expect(programs().contains("read_waited") && !programs().contains("m_start_acquired"))
        kernel.forget("rwsem_down_read_slowpath")
        #expect(!programs().contains("read_waited") && programs().contains("m_start_acquired"))
    }

    @Test("mounts_op decides between two that take namespace_sem")
    func operationsDecide() {
        var kernel = Kernel()
        kernel.acquiring(Kernel.namespaceSem, "m_start", at: Kernel.numaStart)
        kernel.releasing(Kernel.namespaceSem, "m_stop", at: Kernel.modulesStop)
        kernel.variable("namespace_sem", at: Kernel.namespaceSem)
        #expect(kernel.map().tables.start.reason == "no single m_start takes namespace_sem")
        kernel.layOperations()
        expectFound(kernel.map())
    }

    @Test("mounts_op that names the wrong function is not believed")
    func wrongOperations() {
        var kernel = Kernel()
        kernel.layOperations(start: Kernel.modulesStart)
        kernel.variable("namespace_sem", at: Kernel.namespaceSem)
        let map = kernel.map()
        #expect(map.namespaceSem.addresses == [Kernel.namespaceSem])
        #expect(map.tables.start.reason == "no single m_start takes namespace_sem")
        #expect(map.tables.stop.reason == map.tables.start.reason)
    }

    @Test("the semaphore's own symbol is enough to tell them apart")
    func semaphoreSymbol() {
        var kernel = Kernel()
        kernel.variable("namespace_sem", at: Kernel.namespaceSem)
        kernel.forget("namespace_unlock")
        expectFound(kernel.map())
    }

    @Test("namespace_unlock must release what exactly one m_start takes")
    func disagreement() {
        let reason = "namespace_unlock and m_start do not agree on where namespace_sem is"
        var kernel = Kernel()
        kernel.acquiring(Kernel.namespaceSem, "m_start", at: Kernel.numaStart)
        #expect(kernel.map().tables.start.reason == reason, "two take it")
        kernel.function("namespace_unlock", at: Kernel.unlock) { code in
            code.loadArgument(0xffff_ffff_8200_9000)
            code.call(Kernel.upWrite)
        }
        #expect(kernel.map().tables.start.reason == reason, "it releases another")
        kernel.forget("namespace_unlock")
        #expect(kernel.map().namespaceSem.reason == reason, "there is none")
    }

    @Test("one m_stop must release it")
    func stops() {
        var kernel = Kernel()
        kernel.releasing(Kernel.otherSem, "m_stop", at: Kernel.mountsStop)
        #expect(kernel.map().tables.stop.reason == "no single m_stop releases namespace_sem")
        kernel.releasing(Kernel.namespaceSem, "m_stop", at: Kernel.mountsStop)
        kernel.releasing(Kernel.namespaceSem, "m_stop", at: Kernel.modulesStop)
        let map = kernel.map()
        #expect(map.tables.stop.reason == "no single m_stop releases namespace_sem")
        #expect(map.tables.start.addresses == [Kernel.mountsStart], "which takes nothing from the start")
    }

    @Test("what is lacking is told", arguments: ["down_read", "up_read"])
    func lacking(name: String) {
        var kernel = Kernel()
        kernel.variable("namespace_sem", at: Kernel.namespaceSem)
        kernel.forget(name)
        #expect(kernel.map().tables.stop.reason == "\(name) is not in /proc/kallsyms")
    }

    @Test("without memory the semaphore's symbol is all there is; without addresses not even that")
    func unreadable() {
        var kernel = Kernel()
        kernel.variable("namespace_sem", at: Kernel.namespaceSem)
        let blind = kernel.map(readingMemory: false)
        #expect(blind.namespaceSem.addresses == [Kernel.namespaceSem])
        #expect(blind.tables.start.reason == "kernel memory cannot be read")
        let hidden = kernel.map(hidden: true)
        #expect(hidden.namespaceSem.reason == "/proc/kallsyms hides its addresses")
        #expect(hidden.tables.stop.reason == hidden.namespaceSem.reason)
    }

    @Test("a recorded kernel's mount tables are told from its modules and memory maps")
    func recorded() {
        let map = RecordedKernel.map()
        #expect(map.namespaceSem.addresses == [RecordedKernel.namespaceSem])
        #expect(map.tables.start.addresses == [0xffff_ffff_816e_af70])
        #expect(map.tables.acquired.addresses == [0xffff_ffff_816e_af8a])
        #expect(map.tables.stop.addresses == [0xffff_ffff_816e_9f60])
    }

    private func expectFound(_ map: KernelMap, at location: SourceLocation = #_sourceLocation) {
        #expect(map.namespaceSem.addresses == [Kernel.namespaceSem], sourceLocation: location)
        #expect(map.tables.start.addresses == [Kernel.mountsStart], sourceLocation: location)
        #expect(map.tables.acquired.addresses == [Kernel.mountsStart + 19], sourceLocation: location)
        #expect(map.tables.stop.addresses == [Kernel.mountsStop], sourceLocation: location)
    }
}
