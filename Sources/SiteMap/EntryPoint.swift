import CDisassembler

/// Where a kprobe near the begin of a function costs least, what the function was called with still being in its registers.
///
/// On the first instruction it is one of the function tracer's handlers, which are all asked whose the call is. Behind that
/// the kernel makes a jump of the breakpoint where it can, which takes some 60 instructions less (Linux 5.10 to 6.12).
public struct EntryPoint: Equatable, Sendable {
    public let address: UInt64
    /// The number of the register that holds the first argument's member by then; nil where none does yet.
    public let register: UInt8?

    /// Registers that a compiler keeps something in over calls.
    private static let kept: Set<UInt8> = [3, 5, 12, 13, 14, 15]
    /// Of the jump.
    private static let room = 5
    private static let firstArgument: UInt8 = 7
    private static let secondArgument: UInt8 = 6

    /// - Parameters:
    ///   - member: the byte offset of a pointer in what the first argument points to: a point behind its load is preferred.
    ///   - sparing: addresses whose uses stay readable for others that look for them.
    /// - Returns: nil where the kernel would leave a breakpoint, which takes twice as long.
    public static func find(in function: KernelFunction, loading member: Int? = nil, sparing: [UInt64]) -> EntryPoint? {
        let listing = Listing(function)
        guard let body = function.body, let first = listing.index(at: function.start + UInt64(body)),
            !listing.hasIndirectJump
        else { return nil }
        var loaded: UInt8?
        var best: EntryPoint?
        for here in listing.block(at: first, limit: 16) {
            // What is jumped to runs more often than the function is called.
            guard listing.jumps(to: listing[here].address) == 0 else { break }
            if listing.givesRoom(at: here, bytes: room, sparing: sparing) {
                let point = EntryPoint(address: listing[here].address, register: loaded)
                if member == nil || loaded != nil { return point }
                best = best ?? point
            }
            guard listing[here].isMovable, !listing[here].writes(firstArgument), !listing[here].writes(secondArgument)
            else { break }
            if let register = loaded, listing[here].writes(register) { loaded = nil }
            if let member, let register = listing[here].registerLoaded(from: firstArgument, at: member) {
                loaded = kept.contains(register) ? register : nil
            }
        }
        return best
    }
}

extension Listing {
    /// The kernel follows no such jump, and so takes the whole function for a target (arch/x86/kernel/kprobes/opt.c,
    /// can_optimize).
    fileprivate var hasIndirectJump: Bool { instructions.contains { $0.kind == CDIS_JUMP && $0.target == 0 } }

    /// Whether so many bytes can be replaced by a jump: whole instructions that run anywhere, none of them jumped to.
    fileprivate func givesRoom(at index: Int, bytes: Int, sparing: [UInt64]) -> Bool {
        var length = 0
        var here = index
        while length < bytes {
            guard here < instructions.count, self[here].isMovable, !self[here].mentions(anyOf: sparing),
                jumps(to: self[here].address) == 0
            else { return false }
            length += Int(self[here].length)
            here += 1
        }
        return true
    }
}

extension cdis_instruction {
    /// Whether it does the same at any address, and goes on to the next.
    fileprivate var isMovable: Bool { [CDIS_MOVE, CDIS_LEA, CDIS_PUSH].contains(kind) }
}
