import CDisassembler

/// What stood where probes of others are now.
///
/// A kprobe overwrites the first byte of an instruction with a breakpoint, or five bytes with a jump. The kernel runs copies of
/// what they hide, and behind the copy jumps back to where the original goes on (arch/x86/kernel/kprobes/core.c and opt.c, Linux
/// 5.10 to 7.3): that tells whose copy it is. Behind those of breakpoints, newer kernels (6.12) have another breakpoint
/// instead; such a probe, and one on an instruction that the kernel acts out itself, stays what it is.
public enum ProbeCopies {
    /// Bytes by the address where they stood.
    public typealias Originals = [UInt64: [UInt8]]

    /// The longest that a jump hides: four bytes of an instruction and the next one.
    private static let longest = 20
    private static let jumpLength = 5

    /// - Parameters:
    ///   - page: of the kernel's copies.
    ///   - text: the kernel's own.
    ///   - read: `count` bytes of memory; nil where they cannot be read.
    public static func originals(
        on page: [UInt8], at address: UInt64, text: Range<UInt64>, read: (UInt64, Int) -> [UInt8]?
    ) -> Originals {
        var originals: Originals = [:]
        for end in page.indices.dropLast(jumpLength - 1) {
            guard let back = jumpTarget(page[end...], at: address + UInt64(end)), text.contains(back) else { continue }
            let reach = min(longest, end)
            guard let before = read(back - UInt64(reach), reach + jumpLength) else { continue }
            for length in stride(from: 1, through: reach, by: 1) {
                let copy = Copy(bytes: Array(page[(end - length)..<end]), address: address + UInt64(end - length))
                let now = Array(before[(reach - length)...])
                if let original = original(of: copy, over: now, at: back - UInt64(length), page: address) {
                    originals[back - UInt64(length)] = original
                    break
                }
            }
        }
        return originals
    }

    private struct Copy {
        let bytes: [UInt8]
        let address: UInt64
    }

    /// What a copy is of; nil where no probe stands there, or one that hides something else.
    /// - Parameter now: the bytes at `place`, and some behind them.
    private static func original(of copy: Copy, over now: [UInt8], at place: UInt64, page: UInt64) -> [UInt8]? {
        let length = copy.bytes.count
        let hidden: Int
        if now[0] == 0xCC {
            hidden = 1
        } else if length >= jumpLength, let slot = jumpTarget(now[...], at: place), slot >= page, slot < copy.address {
            hidden = jumpLength
        } else {
            return nil
        }
        guard let original = moved(copy, to: place, instructions: hidden == 1 ? 1 : nil) else { return nil }
        return original[hidden...].elementsEqual(now[hidden..<length]) ? original : nil
    }

    /// The instructions as they are elsewhere: what they name by its distance is as far from there. nil where the bytes are not
    /// whole instructions, or not so many.
    private static func moved(_ copy: Copy, to place: UInt64, instructions: Int?) -> [UInt8]? {
        let listing = Listing(KernelFunction(name: "", start: copy.address, bytes: copy.bytes))
        guard let last = listing.instructions.last, last.next == copy.address + UInt64(copy.bytes.count),
            instructions == nil || listing.instructions.count == instructions
        else { return nil }
        var bytes = copy.bytes
        for instruction in listing.instructions {
            let start = Int(instruction.address - copy.address)
            let distance = place &- copy.address
            for operand in [instruction.operand(0), instruction.operand(1)].compactMap({ $0 }) where operand.absolute {
                let here = UInt32(truncatingIfNeeded: operand.value &- instruction.next)
                let fields = (start + 1)..<max(start + 1, start + Int(instruction.length) - 3)
                guard let field = fields.first(where: { bytes.word(at: $0) == here }) else { continue }
                let there = UInt32(truncatingIfNeeded: operand.value &- (instruction.next &+ distance))
                for byte in 0..<4 { bytes[field + byte] = UInt8(truncatingIfNeeded: there >> (8 * UInt32(byte))) }
            }
        }
        return bytes
    }

    /// Where `e9 rel32` goes.
    private static func jumpTarget(_ bytes: ArraySlice<UInt8>, at address: UInt64) -> UInt64? {
        guard bytes.count >= jumpLength, bytes.first == 0xE9 else { return nil }
        let distance = Int32(bitPattern: bytes.word(at: bytes.startIndex + 1))
        return address &+ UInt64(jumpLength) &+ UInt64(bitPattern: Int64(distance))
    }
}
