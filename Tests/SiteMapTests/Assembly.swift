import SiteMap

/// A function assembled for a test, at a fixed address, that uses locks at fixed addresses.
struct Assembly {
    static let start: UInt64 = 0xffff_ffff_8110_0000
    static let sequence: UInt64 = 0xffff_ffff_8200_0000
    static let semaphore: UInt64 = 0xffff_ffff_8200_0100
    static let lock: UInt64 = 0xffff_ffff_8190_0000
    static let unlock: UInt64 = 0xffff_ffff_8190_0100
    static let stranger: UInt64 = 0xffff_ffff_8190_0200
    static let downRead: UInt64 = 0xffff_ffff_8190_0300

    private(set) var bytes: [UInt8] = []
    private(set) var references: [UInt64] = []

    var next: UInt64 { Self.start + UInt64(bytes.count) }

    /// mov $address,%reg: the register's opcode bytes.
    mutating func load(_ address: UInt64, into opening: [UInt8] = [0x48, 0xC7, 0xC7]) {
        references.append(next + 3)
        bytes += opening + little(UInt32(truncatingIfNeeded: address))
    }

    mutating func call(_ target: UInt64) { relative([0xE8], target) }
    mutating func jump(_ target: UInt64) { relative([0xE9], target) }

    /// addl $1,sequence
    mutating func move() {
        references.append(next + 2)
        relative([0x83, 0x05], Self.sequence, trailing: [1])
    }

    /// movb $0,lock
    mutating func clearLock() {
        references.append(next + 2)
        relative([0xC6, 0x05], Self.sequence + 4, trailing: [0])
    }

    /// Something else with the sequence.
    mutating func sequence(_ opening: [UInt8], trailing: [UInt8]) {
        references.append(next + UInt64(opening.count))
        relative(opening, Self.sequence, trailing: trailing)
    }

    /// incl sequence
    mutating func increment() {
        references.append(next + 2)
        relative([0xFF, 0x05], Self.sequence)
    }

    /// mov sequence,%eax
    mutating func loadSequence() {
        references.append(next + 2)
        relative([0x8B, 0x05], Self.sequence)
    }

    /// cmpq $0,semaphore
    mutating func compareSemaphore() {
        references.append(next + 3)
        relative([0x48, 0x83, 0x3D], Self.semaphore, trailing: [0])
    }

    mutating func raw(_ more: UInt8...) { bytes += more }

    private mutating func relative(_ opening: [UInt8], _ target: UInt64, trailing: [UInt8] = []) {
        let end = next + UInt64(opening.count + 4 + trailing.count)
        bytes += opening + little(UInt32(truncatingIfNeeded: target &- end)) + trailing
    }

    private func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    /// - Parameter cold: bytes of the function's cold clone, 0x10000 bytes behind it.
    /// - Parameter text: the kernel's, where it is known.
    func map(cold: [UInt8] = [], text: Range<UInt64>? = nil) -> SiteMap {
        var locks = LockAddresses(
            sequence: Self.sequence, spinlockOffset: 4, semaphore: Self.semaphore,
            functions: [
                Self.lock: "_raw_spin_lock", Self.unlock: "_raw_spin_unlock", Self.downRead: "down_read",
                0xffff_ffff_8170_0000: "path_parentat",
            ])
        locks.text = text
        var functions = [KernelFunction(name: "tested", start: Self.start, bytes: bytes)]
        if !cold.isEmpty {
            functions.append(KernelFunction(name: "tested.cold", start: Self.start + 0x10000, bytes: cold))
        }
        return SiteMap(functions, locks: locks, references: references)
    }
}

extension Assembly {
    mutating func raw(contentsOf displacement: UInt64) {
        for byte in 0..<4 { raw(UInt8(truncatingIfNeeded: displacement >> (8 * UInt64(byte)))) }
    }
}
