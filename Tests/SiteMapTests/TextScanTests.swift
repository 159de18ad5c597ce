import KernelFixtures
import SiteMap
import Testing

@Suite("Looking for references") struct TextScanTests {
    private static let start: UInt64 = 0xffff_ffff_8110_0000
    private static let targets: [UInt64] = [0xffff_ffff_8200_0000, 0xffff_ffff_8200_0004, 0xffff_ffff_8300_0000]

    private func scan(_ bytes: [UInt8], at start: UInt64 = start, for targets: [UInt64] = targets) -> [UInt64] {
        bytes.withUnsafeBytes { TextScan.references(in: $0, at: start, to: targets) }
    }

    private func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    @Test("an address, and a displacement before an immediate of 0, 1 or 4 bytes, are found; before others not")
    func forms() {
        for target in Self.targets {
            #expect(scan([0x48, 0xC7, 0xC7] + little(UInt32(truncatingIfNeeded: target))) == [Self.start + 3])
            for trailing in 0...6 as ClosedRange<UInt64> {
                let place = Self.start + 2
                let word = UInt32(truncatingIfNeeded: target &- (place + 4 + trailing))
                let expected = [0, 1, 4].contains(trailing) ? [place] : []
                // The last target's neighbour below is none of the others.
                let found = scan([0x83, 0x05] + little(word) + [0xCC, 0xCC, 0xCC, 0xCC], for: [target])
                #expect(found == expected, "\(trailing) bytes behind")
            }
        }
    }

    @Test("places at the very ends are found, and three bytes are none")
    func ends() {
        let word = little(UInt32(truncatingIfNeeded: Self.targets[0]))
        #expect(scan(word) == [Self.start])
        #expect(scan([0xCC] + word) == [Self.start + 1])
        #expect(scan(Array(word.prefix(3))).isEmpty && scan([]).isEmpty)
        #expect(scan(word, for: []).isEmpty)
    }

    @Test("pieces that overlap find what the whole finds", arguments: KernelFixture.names)
    func pieces(name: String) throws {
        let kernel = try KernelFixture(name)
        let targets =
            kernel.locks.targets + kernel.locks.functions.filter { LockAddresses.pathWalks.contains($0.value) }.keys
        for function in kernel.functions where function.name != "_raw_spin_lock" {
            let whole = scan(function.bytes, at: function.start, for: targets)
            let recorded = kernel.references.filter {
                $0 >= function.start && $0 + 4 <= function.start + UInt64(function.bytes.count)
            }
            #expect(whole == recorded, "\(function.name)")
            var pieces: Set<UInt64> = []
            for first in stride(from: 0, to: function.bytes.count, by: 61) {
                let piece = Array(function.bytes[first..<min(function.bytes.count, first + 61 + TextScan.overlap)])
                pieces.formUnion(scan(piece, at: function.start + UInt64(first), for: targets))
            }
            #expect(pieces.sorted() == whole, "\(function.name)")
        }
    }
}
