/// Where a CPU's registers stand when a program is told of an instruction (x86-64).
enum SavedRegisters {
    /// From a register's number in instructions to its place in struct pt_regs (arch/x86/include/asm/ptrace.h; the order
    /// is ABI). %rsp never holds a sequence.
    static let offsets: [UInt8: UInt32] = [
        15: 0, 14: 8, 13: 16, 12: 24, 5: 32, 3: 40, 11: 48, 10: 56, 9: 64, 8: 72, 0: 80, 1: 88, 2: 96, 6: 104, 7: 112,
    ]
}
