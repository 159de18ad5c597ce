import CProbe
import ProbeImage

/// An eBPF object in the kernel; detached and unloaded when it is closed, at the latest in deinit.
final class BPFObject {
    /// A program was refused, by the loader, the verifier or the attach point.
    struct Refusal: Error {
        /// Empty where no program was named.
        let program: String
        /// Negative.
        let code: Int32
        /// What was said, in one line.
        let reason: String
    }

    private var handle: OpaquePointer?
    private let diagnosis = Diagnosis()

    init(_ image: ProbeImage, name: String) throws(ProbeError) {
        var opened: OpaquePointer?
        let diagnosis = diagnosis
        let error = image.withBytes { bytes in
            cprobe_object_open(bytes.baseAddress, bytes.count, name, &opened, diagnosis.pointer)
        }
        guard error == 0, let opened else {
            throw ProbeError(.failed, "cannot open the eBPF object \(name): \(errnoText(error))")
        }
        handle = opened
    }

    deinit { close() }

    func close() {
        cprobe_object_close(handle)
        handle = nil
    }

    func leaveOut(_ program: String) { _ = cprobe_object_leave_out(handle, program) }

    /// Writes the object's read-only data. False when its size is not that of `Constants`.
    func setConstants<Constants: BitwiseCopyable>(_ constants: Constants) -> Bool {
        guard let memory = cprobe_object_constants(handle, MemoryLayout<Constants>.size) else { return false }
        memory.storeBytes(of: constants, as: Constants.self)
        return true
    }

    /// Whether a map's values are as large as the struct, or so many of them, that this side takes them for.
    func map<Value>(_ map: String, holds type: Value.Type, times count: Int = 1) -> Bool {
        cprobe_object_check_map(handle, map, MemoryLayout<Value>.stride * count) == 0
    }

    /// Lets a map be that of another object, which is loaded; before the load. False where one of them has none.
    func share(_ map: String, of other: BPFObject) -> Bool { cprobe_object_share_map(handle, map, other.handle) == 0 }

    /// How many entries a map has room for; before the load. False where there is no such map.
    func setEntries(_ map: String, _ count: UInt32) -> Bool { cprobe_object_set_entries(handle, map, count) == 0 }

    /// Takes an entry out of a hash map; false where it cannot, or there is none.
    func deleteEntry<Key: BitwiseCopyable>(_ map: String, _ key: Key) -> Bool {
        withUnsafePointer(to: key) { cprobe_delete_entry(handle, map, $0) == 0 }
    }

    /// Tells an fentry or fexit program which function it is for; before the load.
    func setTarget(_ program: String, _ function: String) throws(Refusal) {
        try check(cprobe_object_set_target(handle, program, function, diagnosis.pointer), program: program)
    }

    func load() throws(Refusal) {
        try check(cprobe_object_load(handle, diagnosis.pointer), program: diagnosis.program)
    }

    func attachTracing(_ program: String) throws(Refusal) {
        try check(cprobe_attach_tracing(handle, program, diagnosis.pointer), program: program)
    }

    /// - Parameter cookie: what the program is told when this very probe is hit; kernels before 5.15 take 0 only.
    func attachKprobe(_ program: String, pmuType: UInt32, address: UInt64, cookie: UInt64 = 0) throws(Refusal) {
        let error = cprobe_attach_kprobe(handle, program, pmuType, address, cookie, diagnosis.pointer)
        try check(error, program: program)
    }

    /// Makes a kprobe program one for entries of functions; before the load.
    func expectFunctions(_ program: String) { _ = cprobe_expect_functions(handle, program) }

    func attachFunctions(_ program: String, _ addresses: [UInt64]) throws(Refusal) {
        let error = cprobe_attach_functions(handle, program, addresses, addresses.count, diagnosis.pointer)
        try check(error, program: program)
    }

    /// Nanoseconds that a hit of a program by a timer takes; nil where it cannot be tried.
    func timerPrice(_ program: String) -> UInt64? {
        var nanoseconds: UInt64 = 0
        return cprobe_price_timer(handle, program, &nanoseconds) == 0 ? nanoseconds : nil
    }

    func attachTracepoint(_ program: String, to tracepoint: String) throws(Refusal) {
        try check(cprobe_attach_raw_tracepoint(handle, program, tracepoint, diagnosis.pointer), program: program)
    }

    /// Runs a program some times a second on a CPU.
    func attachTimer(_ program: String, cpu: Int, hertz: Int) throws(Refusal) {
        let error = cprobe_attach_timer(handle, program, Int32(cpu), UInt64(hertz), diagnosis.pointer)
        try check(error, program: program)
    }

    /// Takes a program off everything it is attached to, behind the caller's back: many probes take seconds.
    func detach(_ program: String) { _ = detached(program) }

    /// The same; how many places it was taken off.
    func detached(_ program: String) -> Int { max(0, Int(cprobe_detach(handle, program))) }

    /// Writes an element of a map that is not per-CPU. Returns 0 or a negative errno.
    func writeElement<Key: BitwiseCopyable, Value: BitwiseCopyable>(_ map: String, _ key: Key, _ value: Value) -> Int32
    {
        withUnsafePointer(to: key) { key in
            withUnsafePointer(to: value) { value in cprobe_write_element(handle, map, key, value) }
        }
    }

    /// Puts a value at the end of a queue. Returns 0 or a negative errno.
    func push<Value: BitwiseCopyable>(_ map: String, _ value: Value) -> Int32 {
        withUnsafePointer(to: value) { cprobe_write_element(handle, map, nil, $0) }
    }

    /// The entries of a map that is not per-CPU. While programs write, one may be missed or come twice.
    /// - Parameter room: how many the map has at most.
    /// - Throws: `ProbeError` where it cannot be read, or has more.
    func entries<Key: BitwiseCopyable, Value: BitwiseCopyable>(
        _ map: String, room: Int, _ key: Key, _ value: Value
    ) throws(ProbeError) -> [(key: Key, value: Value)] {
        // A bucket comes whole: some room more than there can be.
        let maximum = room + 64
        // Memory that is not touched is not there: tables have room for more than they ever hold.
        let keys = UnsafeMutablePointer<Key>.allocate(capacity: maximum)
        let values = UnsafeMutablePointer<Value>.allocate(capacity: maximum)
        defer {
            keys.deallocate()
            values.deallocate()
        }
        var count = UInt32(maximum)
        guard cprobe_read_entries(handle, map, keys, values, &count) == 0 else {
            throw ProbeError(.failed, "cannot read the eBPF map \(map)")
        }
        return (0..<Int(count)).map { (key: keys[$0], value: values[$0]) }
    }

    private func check(_ code: Int32, program: String) throws(Refusal) {
        guard code < 0 else { return }
        let said = diagnosis.lastLines(12).filter {
            !$0.contains("-- END PROG LOAD LOG --") && !$0.hasPrefix("processed ")
        }
        let detail = said.last { !$0.hasPrefix("libbpf: ") } ?? said.last ?? ""
        throw Refusal(
            program: program, code: code, reason: detail.isEmpty ? errnoText(code) : "\(errnoText(code)) (\(detail))")
    }

    /// The verdict of the loader on the object as a whole: the last lines said.
    var lastWords: String { diagnosis.lastLines(6).joined(separator: "\n") }

    /// A per-CPU array's element, for each possible CPU, into `buffer`.
    func readElement(_ map: String, key: UInt32, into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        cprobe_read_element(handle, map, key, buffer.baseAddress)
    }

    func mapMemory(_ map: String, bytes: Int) -> UnsafeRawPointer? { cprobe_map_memory(handle, map, bytes) }

    /// Runs a program once; returns its result, or the negative errno of the attempt as `error`.
    func run(_ program: String, _ arguments: [UInt64]) -> (error: Int32, result: Int32) {
        var result: Int32 = 0
        let error = cprobe_run(handle, program, arguments, UInt32(arguments.count), &result)
        return (error, result)
    }

    /// Runs skipped because the program was running already; nil where the kernel does not count them.
    func recursionMisses(_ program: String) -> UInt64? {
        var statistics = cprobe_program_statistics()
        guard cprobe_program_statistics(handle, program, &statistics) == 0, statistics.recursion_misses_known else {
            return nil
        }
        return statistics.recursion_misses
    }

    /// What the kernel has timed of a program's runs while its statistics were on; nil where it does not say.
    func runTime(_ program: String) -> RunTime? {
        var statistics = cprobe_program_statistics()
        guard cprobe_program_statistics(handle, program, &statistics) == 0 else { return nil }
        return RunTime(runs: statistics.runs, nanoseconds: statistics.run_time_ns)
    }

    /// Hits that a program's kprobes missed; nil where the kernel does not count them.
    func missedKprobes(_ program: String) -> UInt64? {
        var missed: UInt64 = 0
        return cprobe_missed_kprobes(handle, program, &missed) == 0 ? missed : nil
    }
}
