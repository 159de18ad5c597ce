import CProbe
import Glibc
import ProbeImage

/// Reads kernel memory through a program that is run on demand and attached to nothing.
final class KernelMemory: KernelReading {
    private let object: BPFObject
    private let window: UnsafeRawPointer

    /// - Throws: `.notPermitted` without the privilege to load it, `.unavailable` where the kernel refuses.
    init() throws(ProbeError) {
        let object = try BPFObject(.reader, name: "mountscope_read")
        do throws(BPFObject.Refusal) {
            try object.load()
        } catch {
            throw Self.explain(error)
        }
        guard let memory = object.mapMemory("window", bytes: MemoryLayout<ms_window>.size) else {
            throw ProbeError(.failed, "cannot map the window of the kernel memory reader")
        }
        self.object = object
        window = memory
    }

    private static func explain(_ refusal: BPFObject.Refusal) -> ProbeError {
        if abs(refusal.code) == EPERM {
            return ProbeError(
                .notPermitted, "not permitted to load eBPF programs: \(errnoText(refusal.code))",
                hint: ProbeError.needsRoot)
        }
        return ProbeError(
            .unavailable, "the kernel refused the program that reads its memory: \(refusal.reason)",
            hint: "mountscope needs Linux 5.10 or later with CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS")
    }

    func bytes(at address: UInt64, count: Int) -> [UInt8]? {
        guard count > 0, count <= MemoryLayout<ms_window>.size else { return nil }
        let outcome = object.run("read_kernel", [address, UInt64(count)])
        guard outcome.error == 0, outcome.result == 0 else { return nil }
        return Array(UnsafeRawBufferPointer(start: window, count: count))
    }

    /// In about a microsecond.
    func word(at address: UInt64) -> UInt32? {
        let outcome = object.run("read_word", [address])
        guard outcome.error == 0, outcome.result == 0 else { return nil }
        return window.load(as: UInt32.self)
    }

    /// Looks for the very call that asks: bpf(BPF_PROG_TEST_RUN, ...). With a program of its own, for it needs BTF.
    func userRegisters() -> UInt64? {
        let bpfCall: UInt64 = 321
        let testRun: UInt64 = 10
        let stack: BPFObject
        do {
            stack = try BPFObject(.stack, name: "mountscope_task")
            try stack.load()
        } catch {
            // Only what is split by operation needs them, and then says that they were not found.
            return nil
        }
        let outcome = stack.run("find_user_registers", [bpfCall, testRun])
        return outcome.error == 0 && outcome.result > 0 ? UInt64(outcome.result) : nil
    }
}
