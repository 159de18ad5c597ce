import CProbe
import ProbeImage

/// Reads kernel memory through a program that is run on demand and attached to nothing.
final class KernelMemory {
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
        if abs(refusal.code) == 1 || abs(refusal.code) == 13 {
            return ProbeError(
                .notPermitted, "not permitted to load eBPF programs: \(errnoText(refusal.code))", hint: ProbeError.needsRoot)
        }
        return ProbeError(
            .unavailable, "the kernel refused the program that reads its memory: \(refusal.reason)",
            hint: "mountscope needs Linux 5.10 or later with CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS")
    }

    /// Copies `count` bytes, at most 64 KiB. Nil when the address cannot be read.
    func bytes(at address: UInt64, count: Int) -> [UInt8]? {
        guard count > 0, count <= MemoryLayout<ms_window>.size else { return nil }
        let outcome = object.run("read_kernel", [address, UInt64(count)])
        guard outcome.error == 0, outcome.result == 0 else { return nil }
        return Array(UnsafeRawBufferPointer(start: window, count: count))
    }

    /// A 32-bit word, in about a microsecond.
    func word(at address: UInt64) -> UInt32? {
        let outcome = object.run("read_word", [address])
        guard outcome.error == 0, outcome.result == 0 else { return nil }
        return window.load(as: UInt32.self)
    }

    /// A pointer.
    func pointer(at address: UInt64) -> UInt64? {
        bytes(at: address, count: 8)?.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    /// A symbol's text, or its first 16 KiB.
    func text(of symbol: KernelSymbol) -> KernelText? {
        let count = min(Int(symbol.end - symbol.address), 16384)
        return bytes(at: symbol.address, count: count).map { KernelText(start: symbol.address, bytes: $0) }
    }
}
