@testable import Probe

/// The instructions that the finders look for, assembled one after another.
struct MachineCode {
    let start: UInt64
    private(set) var bytes: [UInt8] = []

    init(start: UInt64) { self.start = start }

    /// Address of the next instruction.
    var next: UInt64 { start + UInt64(bytes.count) }
    var text: KernelText { KernelText(start: start, bytes: bytes) }

    mutating func call(_ target: UInt64) { relative([0xE8], target) }
    mutating func tailJump(_ target: UInt64) { relative([0xE9], target) }
    /// mov $address,%rdi
    mutating func loadArgument(_ address: UInt64) {
        bytes += [0x48, 0xC7, 0xC7] + little(UInt32(truncatingIfNeeded: address))
    }
    /// lea address(%rip),%rdi
    mutating func loadArgumentRelative(_ address: UInt64) { relative([0x48, 0x8D, 0x3D], address) }
    /// mov address(%rip),%eax
    mutating func load(_ address: UInt64) { relative([0x8B, 0x05], address) }
    /// addl $1,address(%rip)
    mutating func increment(_ address: UInt64) { relative([0x83, 0x05], address, trailing: [1]) }
    mutating func byte(_ value: UInt8) { bytes.append(value) }
    mutating func bytes(_ values: [UInt8]) { bytes += values }
    /// cmp %eax,%esi; jne 1f; ret; 1:
    mutating func failUnlessEqual() { bytes += [0x39, 0xC6, 0x75, 0x01, 0xC3] }
    /// cmp $-ECHILD,%eax; je 1f; ret; 1:
    mutating func redoIfChildError() { bytes += [0x83, 0xF8, 0xF6, 0x74, 0x01, 0xC3] }
    /// mov $-ECHILD,%eax; ret
    mutating func returnChildError() { bytes += [0xB8, 0xF6, 0xFF, 0xFF, 0xFF, 0xC3] }
    mutating func pad(_ count: Int) { bytes += Array(repeating: 0x90, count: count) }
    mutating func pad(to address: UInt64) { pad(Int(address - next)) }

    private mutating func relative(_ opening: [UInt8], _ target: UInt64, trailing: [UInt8] = []) {
        let length = UInt64(opening.count + 4 + trailing.count)
        bytes += opening + little(UInt32(truncatingIfNeeded: target &- (next + length))) + trailing
    }

    private func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}

/// Memory with a few readable places.
final class LaidOutMemory: KernelReading {
    private var places: [UInt64: [UInt8]] = [:]
    /// Where all bytes can be read: padding where nothing was laid.
    var whole: Range<UInt64> = 0..<0

    func write(_ bytes: [UInt8], at address: UInt64) { places[address] = bytes }

    func bytes(at address: UInt64, count: Int) -> [UInt8]? {
        guard count > 0, count <= 65536 else { return nil }
        for (start, bytes) in places where start <= address && address + UInt64(count) <= start + UInt64(bytes.count) {
            return Array(bytes[Int(address - start)...].prefix(count))
        }
        let wanted = address..<(address + UInt64(count))
        return whole.clamped(to: wanted) == wanted ? padded(wanted) : nil
    }

    private func padded(_ wanted: Range<UInt64>) -> [UInt8] {
        var padded = Array(repeating: UInt8(0xCC), count: wanted.count)
        for (start, bytes) in places where start < wanted.upperBound && start + UInt64(bytes.count) > wanted.lowerBound
        {
            for (index, byte) in bytes.enumerated() where wanted.contains(start + UInt64(index)) {
                padded[Int(start + UInt64(index) - wanted.lowerBound)] = byte
            }
        }
        return padded
    }

    func word(at address: UInt64) -> UInt32? {
        bytes(at: address, count: 4)?.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    }

    var registers: UInt64?
    func userRegisters() -> UInt64? { registers }

    func writeWord(_ word: UInt32, at address: UInt64) { write(withUnsafeBytes(of: word) { Array($0) }, at: address) }
}

/// Types by name.
struct NamedTypes: KernelTypeReading {
    var functions: [String: Int] = [:]
    var spinlockOffset: Int? = 4
    /// Of an rtmutex.
    var ownerOffset: Int?
    /// Of a struct seq_file.
    var privateOffset: Int?

    func function(_ name: String) -> (id: Int32, parameters: Int)? { functions[name].map { (1, $0) } }

    func offset(of member: String, in structure: String) -> Int? {
        switch (member, structure) {
        case ("lock", "seqlock_t"): spinlockOffset
        case ("owner", "rt_mutex_base"): ownerOffset
        case ("private", "seq_file"): privateOffset
        default: nil
        }
    }
}

/// A kernel of a few functions, without a whole text to map.
func noSymbolTable() throws(ProbeError) -> SymbolTable { throw ProbeError(.unavailable, "no table of symbols") }

/// A kernel in which everything is as the finders expect it, to be changed a little by each test.
struct HandMadeKernel {
    static let mountLock: UInt64 = 0xffff_ffff_8200_0000
    static let namespaceSem: UInt64 = 0xffff_ffff_8200_0100
    static let operations: UInt64 = 0xffff_ffff_8200_0200
    static let spinLock: UInt64 = 0xffff_ffff_8190_0000
    static let spinUnlock: UInt64 = 0xffff_ffff_8190_0400
    static let downRead: UInt64 = 0xffff_ffff_8190_0100
    static let upRead: UInt64 = 0xffff_ffff_8190_0200
    static let upWrite: UInt64 = 0xffff_ffff_8190_0300

    static let legitimize: UInt64 = 0xffff_ffff_8110_0000
    static let prependPath: UInt64 = 0xffff_ffff_8110_1000
    static let modulesStart: UInt64 = 0xffff_ffff_8110_2000
    static let mountsStart: UInt64 = 0xffff_ffff_8110_3000
    static let numaStart: UInt64 = 0xffff_ffff_8110_4000
    static let modulesStop: UInt64 = 0xffff_ffff_8110_5000
    static let mountsStop: UInt64 = 0xffff_ffff_8110_6000
    static let unlock: UInt64 = 0xffff_ffff_8110_7000
    static let otherSem: UInt64 = 0xffff_ffff_8200_0300
    static let handleDots: UInt64 = 0xffff_ffff_8130_1000
    /// The first of three functions that walk a path, 0x1000 bytes apart.
    static let walkers: UInt64 = 0xffff_ffff_8160_0000

    let memory = LaidOutMemory()
    var types = NamedTypes()
    /// What touching the lock returns.
    var touchError: Int32 = 0
    /// By how much the touch moves the sequence.
    var touchMoves: UInt32 = 2
    private var symbols: [(address: UInt64, name: String)] = []

    /// Functions only; no variable has a symbol.
    init() {
        symbols = [
            (0xffff_ffff_8100_0000, "_stext"), (0xffff_ffff_81ff_0000, "_etext"), (Self.spinLock, "_raw_spin_lock"),
            (Self.downRead, "down_read"), (Self.upRead, "up_read"), (Self.upWrite, "up_write"),
            (Self.spinUnlock, "_raw_spin_unlock"),
        ]
        memory.writeWord(1000, at: Self.mountLock)
        layLegitimize()
        function("prepend_path", at: Self.prependPath) { code in
            code.pad(6)
            code.loadArgument(Self.mountLock + 4)
            code.call(Self.spinLock)
            code.loadArgument(Self.mountLock + 4)
            code.call(Self.spinUnlock)
        }
        layTables()
        for (index, name) in ["show_mountinfo", "show_vfsmnt", "show_vfsstat", "lookup_mnt", "__legitimize_path"]
            .enumerated()
        {
            function(name, at: 0xffff_ffff_8120_0000 + UInt64(index) * 0x1000) { $0.pad(16) }
        }
        for (index, (name, parameters)) in Self.traced.enumerated() {
            types.functions[name] = parameters
            if name == "__legitimize_mnt" || name == "prepend_path" { continue }
            function(name, at: 0xffff_ffff_8130_0000 + UInt64(index) * 0x1000) { $0.pad(16) }
        }
    }

    static let traced = [
        ("__legitimize_mnt", 2), ("handle_dots", 2), ("path_lookupat", 3), ("path_openat", 3), ("path_parentat", 3),
        ("prepend_path", 4), ("rwsem_down_read_slowpath", 3),
    ]

    /// The instructions that take mount_lock in `__legitimize_mnt`.
    mutating func layLegitimize(
        loading loaded: UInt64 = mountLock, moving moved: UInt64 = mountLock, locking locked: UInt64 = mountLock + 4
    ) {
        function("__legitimize_mnt", at: Self.legitimize) { code in
            code.load(loaded)
            code.loadArgument(locked)
            code.call(Self.spinLock)
            code.increment(moved)
        }
    }

    /// A text that can be read whole, with a validation in `__legitimize_mnt` and in handle_dots and a second try of each
    /// walk: what instructions that run only in failures need.
    mutating func layWholeText() {
        memory.whole = 0xffff_ffff_8100_0000..<0xffff_ffff_8200_0000
        function("__legitimize_mnt", at: Self.legitimize) { code in
            code.load(Self.mountLock)
            code.failUnlessEqual()
            code.loadArgument(Self.mountLock + 4)
            code.call(Self.spinLock)
            code.increment(Self.mountLock)
            code.pad(16)
        }
        function("handle_dots", at: Self.handleDots) { code in
            code.load(Self.mountLock)
            code.failUnlessEqual()
            code.returnChildError()
        }
        let walks = ["path_lookupat", "path_openat", "path_parentat"].compactMap { kallsyms().only(named: $0)?.address }
        for (index, name) in ["filename_lookup", "do_filp_open", "filename_parentat"].enumerated() {
            function(name, at: Self.walkers + UInt64(index) * 0x1000) { code in
                code.call(walks[index])
                code.redoIfChildError()
                code.pad(16)
            }
        }
    }

    private mutating func layTables() {
        function("m_start", at: Self.modulesStart) { $0.pad(32) }
        acquiring(Self.namespaceSem, "m_start", at: Self.mountsStart)
        acquiring(Self.otherSem, "m_start", at: Self.numaStart)
        function("m_stop", at: Self.modulesStop) { $0.pad(32) }
        releasing(Self.namespaceSem, "m_stop", at: Self.mountsStop)
        function("namespace_unlock", at: Self.unlock) { code in
            code.loadArgument(Self.namespaceSem)
            code.call(Self.upWrite)
        }
    }

    /// A function that takes a semaphore for reading.
    mutating func acquiring(_ semaphore: UInt64, _ name: String, at address: UInt64) {
        function(name, at: address) { code in
            code.pad(7)
            code.loadArgument(semaphore)
            code.call(Self.downRead)
            code.pad(9)
        }
    }

    /// A function that ends with releasing a semaphore that it had for reading.
    mutating func releasing(_ semaphore: UInt64, _ name: String, at address: UInt64) {
        function(name, at: address) { code in
            code.loadArgument(semaphore)
            code.tailJump(Self.upRead)
        }
    }

    mutating func function(_ name: String, at address: UInt64, _ assemble: (inout MachineCode) -> Void) {
        var code = MachineCode(start: address)
        assemble(&code)
        memory.write(code.bytes, at: address)
        symbols.removeAll { address <= $0.address && $0.address <= code.next }
        symbols += [(address, name), (code.next, "__pfx_whatever")]
    }

    mutating func variable(_ name: String, at address: UInt64) { symbols.append((address, name)) }

    /// mounts_op, of which the first two pointers are read.
    mutating func layOperations(start: UInt64 = mountsStart, stop: UInt64 = mountsStop) {
        variable("mounts_op", at: Self.operations)
        memory.write(
            [start, stop].flatMap { pointer in withUnsafeBytes(of: pointer) { Array($0) } }, at: Self.operations)
    }

    mutating func forget(_ name: String) { symbols.removeAll { $0.name == name } }

    mutating func rename(_ name: String, to other: String) {
        for index in symbols.indices where symbols[index].name == name { symbols[index].name = other }
    }

    /// /proc/kallsyms
    func kallsyms(hidden: Bool = false) -> KernelSymbols {
        parseSymbols(kallsymsText(hidden: hidden), SupplierCatalogue.wantedSymbols)
    }

    private func kallsymsText(hidden: Bool = false) -> String {
        symbols.sorted { $0.address < $1.address }.map { symbol in
            let digits = String(hidden ? 0 : symbol.address, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits + " t \(symbol.name)\n"
        }.joined()
    }

    func map(readingMemory: Bool = true, hidden: Bool = false) -> KernelMap {
        let memory = memory
        let (error, moves) = (touchError, touchMoves)
        let touch: () -> Int32 = {
            guard error == 0 else { return error }
            if let word = memory.word(at: Self.mountLock) { memory.writeWord(word &+ moves, at: Self.mountLock) }
            return 0
        }
        let text = kallsymsText(hidden: hidden)
        return KernelMap(
            symbols: kallsyms(hidden: hidden), types: types, memory: readingMemory ? memory : nil, touch: touch,
            table: memory.whole.isEmpty ? noSymbolTable : { parseFunctions(text) })
    }
}

extension Finding {
    /// Empty where it is missing.
    var addresses: [UInt64] { if case .found(let addresses) = self { addresses } else { [] } }
}
