import Glibc
import Testing

@testable import Probe

@Suite("Finding mount_lock") struct LockFinderTests {
    typealias Kernel = HandMadeKernel

    @Test("its symbol is enough, and then nothing is touched")
    func bySymbol() {
        var kernel = Kernel()
        kernel.variable("mount_lock", at: 0xffff_ffff_8200_4000)
        kernel.touchError = -EPERM
        #expect(kernel.map().mountLock.addresses == [0xffff_ffff_8200_4000])
        #expect(kernel.map(readingMemory: false).mountLock.addresses == [0xffff_ffff_8200_4000])
    }

    @Test("without a symbol the instructions of __legitimize_mnt tell, and the word must move")
    func byInstructions() {
        let kernel = Kernel()
        #expect(kernel.map().mountLock.addresses == [Kernel.mountLock])
        #expect(kernel.memory.word(at: Kernel.mountLock) == 1002)
    }

    @Test("two symbols of this name are no symbol")
    func ambiguous() {
        var kernel = Kernel()
        kernel.variable("mount_lock", at: 0xffff_ffff_8200_4000)
        kernel.variable("mount_lock", at: 0xffff_ffff_8200_5000)
        #expect(kernel.map().mountLock.addresses == [Kernel.mountLock])
    }

    @Test("a word that does not move by a section is rejected", arguments: [UInt32(0), 1, UInt32.max - 1])
    func doesNotMove(moves: UInt32) {
        var kernel = Kernel()
        kernel.touchMoves = moves
        #expect(kernel.map().mountLock.reason.contains("does not move"))
        #expect(
            kernel.map().pathLocks.reason.contains("does not move"), "what stands on it is missing for the same reason")
    }

    @Test("the word may wrap while it is proven")
    func wraps() {
        let kernel = Kernel()
        kernel.memory.writeWord(0xffff_fffe, at: Kernel.mountLock)
        #expect(kernel.map().mountLock.addresses == [Kernel.mountLock])
    }

    @Test("what cannot be proven is not used, and says why")
    func notProven() {
        var kernel = Kernel()
        kernel.touchError = -EPERM
        let missing = kernel.map().mountLock
        #expect(missing.reason.contains("not proven") && missing.reason.contains("Operation not permitted"))
        #expect(missing.hint.contains("root"))
    }

    @Test("the three forms must agree on one word")
    func disagreement() {
        let elsewhere: UInt64 = 0xffff_ffff_8200_8000
        let reason = "the instructions of __legitimize_mnt do not agree on where mount_lock is"
        var kernel = Kernel()
        kernel.layLegitimize(loading: elsewhere)
        #expect(kernel.map().mountLock.reason == reason)
        kernel.layLegitimize(moving: elsewhere)
        #expect(kernel.map().mountLock.reason == reason)
        kernel.layLegitimize(locking: elsewhere + 4)
        #expect(kernel.map().mountLock.reason == reason)
        kernel.layLegitimize(loading: elsewhere, moving: elsewhere, locking: elsewhere + 4)
        #expect(kernel.map().mountLock.reason.contains("cannot be read"))
    }

    @Test("under PREEMPT_RT the spinlock is where BTF says, and rt_spin_lock takes it")
    func realTime() {
        var kernel = Kernel()
        kernel.types.spinlockOffset = 16
        kernel.rename("_raw_spin_lock", to: "rt_spin_lock")
        kernel.layLegitimize(locking: Kernel.mountLock + 16)
        #expect(kernel.map().mountLock.addresses == [Kernel.mountLock])
    }

    @Test("without the function, the memory or the addresses the reason says which")
    func lacking() {
        var kernel = Kernel()
        #expect(kernel.map(readingMemory: false).mountLock.reason == "kernel memory cannot be read")
        let hidden = kernel.map(hidden: true).mountLock
        #expect(hidden.reason == "/proc/kallsyms hides its addresses" && hidden.hint.contains("CAP_SYSLOG"))
        kernel.forget("__legitimize_mnt")
        #expect(kernel.map().mountLock.reason == "neither mount_lock nor __legitimize_mnt is in /proc/kallsyms")
    }

    @Test("every place where prepend_path or a clone of it takes this spinlock is found")
    func pathLocks() {
        var kernel = Kernel()
        let clone: UInt64 = 0xffff_ffff_8110_8000
        kernel.function("prepend_path", at: Kernel.prependPath) { code in
            code.loadArgument(Kernel.otherSem)
            code.call(Kernel.spinLock)
            code.loadArgument(Kernel.mountLock + 4)
            code.call(Kernel.spinLock)
            code.pad(40)
            code.loadArgumentRelative(Kernel.mountLock + 4)
            code.call(Kernel.spinLock)
        }
        kernel.function("prepend_path.cold", at: clone) { code in
            code.pad(3)
            code.loadArgument(Kernel.mountLock + 4)
            code.call(Kernel.spinLock)
        }
        #expect(kernel.map().pathLocks.addresses == [Kernel.prependPath + 12, Kernel.prependPath + 64, clone + 3])
    }

    @Test("a kprobe of somebody else on the load is seen through, if the other lock of prepend_path is told")
    func probedPathLock() {
        var kernel = Kernel()
        for kprobe: UInt8 in [0xCC, 0xE9] {
            kernel.function("prepend_path", at: Kernel.prependPath) { code in
                code.loadArgument(Kernel.otherSem)
                code.call(Kernel.spinLock)
                code.pad(40)
                code.byte(kprobe)
                code.pad(6)
                code.call(Kernel.spinLock)
            }
            #expect(kernel.map().pathLocks.addresses == [Kernel.prependPath + 64], "behind the second call")
        }
        kernel.function("prepend_path", at: Kernel.prependPath) { code in
            for _ in 0..<2 {
                code.byte(0xCC)
                code.pad(6)
                code.call(Kernel.spinLock)
            }
        }
        #expect(
            kernel.map().pathLocks.reason.contains("no instruction of prepend_path"),
            "two that are hidden are not guessed at")
    }

    @Test("a prepend_path that takes no spinlock in a known form is missing, not guessed")
    func noPathLocks() {
        var kernel = Kernel()
        kernel.function("prepend_path", at: Kernel.prependPath) { code in
            code.loadArgument(Kernel.mountLock)
            code.call(Kernel.spinLock)
        }
        #expect(kernel.map().pathLocks.reason.contains("no instruction of prepend_path"))
        kernel.forget("prepend_path")
        #expect(kernel.map().pathLocks.reason == "prepend_path is not in /proc/kallsyms")
    }

    @Test("a recorded kernel without data symbols gives the addresses that were seen to move")
    func recorded() {
        let map = RecordedKernel.map()
        #expect(map.mountLock.addresses == [RecordedKernel.mountLock])
        #expect(map.pathLocks.addresses == [0xffff_ffff_8171_0c81])
        #expect(map.symbols.describe(map.pathLocks.address ?? 0) == "prepend_path+0x231")
    }
}
