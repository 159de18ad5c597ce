import KernelFixtures

@testable import Probe

/// A recorded kernel, as the finders see it.
struct FixtureKernel {
    let fixture: KernelFixture
    private let memory = LaidOutMemory()
    private var types = NamedTypes()
    private var hidden: Set<String> = []
    private var added: [(address: UInt64, name: String)] = []
    /// What refuses kprobes in functions that the function tracer does not reach.
    private static let probeCheck = "__register_trace_kprobe"

    static let variables: Set<String> = ["mount_lock", "namespace_sem", "mounts_op"]

    init(_ name: String) throws { self.init(try KernelFixture(name)) }

    init(_ fixture: KernelFixture) {
        self.fixture = fixture
        types.spinlockOffset = Int(fixture.locks.spinlockOffset)
        for (name, parameters) in HandMadeKernel.traced where fixture.symbols.contains(where: { $0.name == name }) {
            types.functions[name] = parameters
        }
        for function in fixture.functions { memory.write(function.bytes, at: function.start) }
        memory.writeWord(4000, at: fixture.locks.sequence)
        let ofLocks = fixture.functions.filter { $0.name != "_raw_spin_lock" }
        memory.whole =
            (ofLocks.map(\.start).min() ?? 0)..<(ofLocks.map { $0.start + UInt64($0.bytes.count) }.max() ?? 0)
        for name in [Self.probeCheck, "ftrace_location_range"] { add(name) }
        var check = MachineCode(start: added[0].address)
        check.call(added[1].address)
        check.pad(11)
        memory.write(check.bytes, at: check.start)
    }

    private mutating func add(_ name: String) {
        added.append((memory.whole.upperBound + 16 * UInt64(1 + added.count), name))
    }

    /// The same kernel with CONFIG_KPROBE_EVENTS_ON_NOTRACE: it takes kprobes everywhere.
    var takingAllProbes: FixtureKernel { without([Self.probeCheck]) }

    /// The same kernel without symbols of these names.
    func without(_ names: Set<String>) -> FixtureKernel {
        var kernel = self
        kernel.hidden.formUnion(names)
        return kernel
    }

    /// The same kernel with functions of these names besides, which take one parameter and whose text nobody asks for, and
    /// with the registers of system calls.
    func withFunctions(_ names: Set<String>) -> FixtureKernel {
        var kernel = self
        for name in names.sorted() where !fixture.symbols.contains(where: { $0.name == name }) {
            kernel.add(name)
        }
        for name in names { kernel.types.functions[name] = 1 }
        memory.registers = 16216
        return kernel
    }

    /// The same kernel with another struct seqlock_t; nil: without BTF's word on it.
    func withSpinlock(at offset: Int?) -> FixtureKernel {
        var kernel = self
        kernel.types.spinlockOffset = offset
        return kernel
    }

    /// The same kernel, of whose struct seq_file BTF tells where `private` is.
    func withPrivate(at offset: Int) -> FixtureKernel {
        var kernel = self
        kernel.types.privateOffset = offset
        return kernel
    }

    /// The text ends where the functions that were recorded do: to look through all of it would take seconds.
    private var kallsyms: String {
        let functions = fixture.functions.map { ($0.start, $0.start + UInt64($0.bytes.count), $0.name) }
        let edges = [(memory.whole.lowerBound, "_stext"), (memory.whole.upperBound, "_etext")]
        let symbols = fixture.symbols.filter { !edges.map(\.1).contains($0.name) }
        let made = added.map { ($0.address, $0.address + 16, $0.name) }
        let all = symbols.map { ($0.address, $0.end, $0.name) } + functions + made
        let lines = edges + all.filter { !hidden.contains($0.2) }.flatMap { [($0.0, $0.2), ($0.1, "__pfx_behind")] }
        let unique = Set(lines.map { "\(String($0.0, radix: 16)) t \($0.1)\n" })
        // All addresses have as many digits.
        return unique.sorted().joined()
    }

    func map() -> KernelMap {
        let (memory, sequence, text) = (memory, fixture.locks.sequence, kallsyms)
        let touch: () -> Int32 = {
            if let word = memory.word(at: sequence) { memory.writeWord(word &+ 2, at: sequence) }
            return 0
        }
        return KernelMap(
            symbols: parseSymbols(text, SupplierCatalogue.wantedSymbols), types: types, memory: memory, touch: touch,
            table: { parseFunctions(text) })
    }
}
