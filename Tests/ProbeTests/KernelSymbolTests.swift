import Foundation
import Testing

@testable import Probe

/// Parses text cut into chunks at these offsets.
func parseSymbols(_ text: String, _ wanted: Set<String>, cutAt cuts: [Int] = []) -> KernelSymbols {
    parse(text, wanted, cutAt: cuts).symbols
}

/// All functions of a text such as /proc/kallsyms.
func parseFunctions(_ text: String, cutAt cuts: [Int] = []) -> SymbolTable { parse(text, [], cutAt: cuts).functions }

private func parse(
    _ text: String, _ wanted: Set<String>, cutAt cuts: [Int]
) -> (symbols: KernelSymbols, functions: SymbolTable) {
    var parser = KernelSymbolParser(wanted: wanted)
    Array(text.utf8).withUnsafeBytes { bytes in
        let edges = [0] + cuts + [bytes.count]
        for (start, end) in zip(edges, edges.dropFirst()) {
            parser.consume(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
    }
    return parser.finish()
}

@Suite("Kernel symbols") struct KernelSymbolTests {
    static let text = """
        ffffffff81000000 T _stext
        ffffffff81000040 t m_start
        ffffffff81000080 T __pfx_lookup
        ffffffff81000090 T lookup
        ffffffff81000090 W lookup_alias
        ffffffff81000100 t lookup.part.0
        ffffffff81000180 t m_start
        ffffffff810001c0 t path_walk.isra.0
        ffffffff81000200 t path_walk.isra.0.cold
        ffffffff81000240 T lookups
        ffffffff82000000 d mount_lock
        ffffffff82000040 b semaphore
        ffffffffc0000000 t m_start\t[mountfs]
        ffffffffc0000080 d mount_lock\t[mountfs]
        ffffffffc0000100 t last\t[mountfs]

        """
    static let wanted: Set<String> = ["m_start", "lookup", "path_walk", "mount_lock", "semaphore", "last"]
    let symbols = parseSymbols(KernelSymbolTests.text, KernelSymbolTests.wanted)

    @Test("every symbol of a name is kept, in the file's order")
    func duplicates() {
        #expect(symbols.all(named: "m_start").map(\.address) == [0xffff_ffff_8100_0040, 0xffff_ffff_8100_0180])
        #expect(symbols.only(named: "m_start") == nil)
        #expect(symbols.only(named: "lookup")?.address == 0xffff_ffff_8100_0090)
        #expect(symbols.only(named: "_stext") == nil, "nobody asked for it")
    }

    @Test("the compiler's clones belong to their function, not to a longer name")
    func clones() {
        #expect(symbols.parts(of: "lookup").map(\.name) == ["lookup", "lookup.part.0"])
        #expect(symbols.parts(of: "path_walk").map(\.name) == ["path_walk.isra.0", "path_walk.isra.0.cold"])
        #expect(symbols.all(named: "path_walk") == [])
        #expect(symbols.only(named: "path_walk.isra.0")?.address == 0xffff_ffff_8100_01c0)
    }

    @Test("the type letter says nothing")
    func letters() {
        for letter in "ABCDGNRSTUVWabcdgnrstuvw?-" {
            let one = parseSymbols("ffffffff82000000 \(letter) mount_lock\n", ["mount_lock"])
            #expect(one.only(named: "mount_lock")?.address == 0xffff_ffff_8200_0000, "type \(letter)")
        }
    }

    @Test("a module's symbol of the same name is told apart")
    func modules() {
        #expect(symbols.all(named: "mount_lock").map(\.isModule) == [false])
        #expect(symbols.only(named: "mount_lock")?.address == 0xffff_ffff_8200_0000)
        #expect(symbols.all(named: "last") == [])
        #expect(symbols.parts(of: "last") == [])
    }

    @Test("a symbol ends at the next higher address, an alias of it notwithstanding")
    func ends() {
        #expect(symbols.only(named: "lookup")?.end == 0xffff_ffff_8100_0100)
        #expect(symbols.all(named: "m_start").map(\.end) == [0xffff_ffff_8100_0080, 0xffff_ffff_8100_01c0])
        #expect(symbols.only(named: "semaphore")?.end == 0xffff_ffff_c000_0000)
        let last = parseSymbols("ffffffff81000000 T only\n", ["only"])
        #expect(last.only(named: "only")?.end == 0xffff_ffff_8100_0000, "nothing is higher")
    }

    @Test("an address is told by its symbol and the offset in it")
    func description() {
        #expect(symbols.describe(0xffff_ffff_8100_0090) == "lookup")
        #expect(symbols.describe(0xffff_ffff_8100_00ff) == "lookup+0x6f")
        #expect(symbols.describe(0xffff_ffff_8100_0100) == "lookup.part.0")
        #expect(
            symbols.describe(0xffff_ffff_8100_0080) == "a place without a symbol",
            "and no address, which would tell where the kernel lies")
    }

    @Test("chunks may end anywhere")
    func everyCut() {
        let expected = summary(symbols)
        for cut in 0...Self.text.utf8.count {
            #expect(summary(parseSymbols(Self.text, Self.wanted, cutAt: [cut])) == expected, "cut at byte \(cut)")
        }
    }

    @Test("chunks may be shorter than a line", arguments: [1, 2, 3, 7, 16, 25, 26, 27])
    func smallChunks(size: Int) {
        let cuts = Array(stride(from: size, to: Self.text.utf8.count, by: size))
        #expect(summary(parseSymbols(Self.text, Self.wanted, cutAt: cuts)) == summary(symbols))
    }

    @Test("the last line needs no newline, wherever it is cut")
    func noNewline() {
        let text = "ffffffff81000000 T first\nffffffff81000010 t last.cold"
        for cut in 0...text.utf8.count {
            let symbols = parseSymbols(text, ["last"], cutAt: [cut])
            #expect(symbols.parts(of: "last").map(\.name) == ["last.cold"])
            #expect(symbols.lineCount == 2)
        }
    }

    @Test("hidden addresses are noticed, and so are visible ones")
    func hidden() {
        let hidden = parseSymbols("0000000000000000 T first\n0000000000000000 D mount_lock\n", ["mount_lock"])
        #expect(hidden.addressesHidden)
        #expect(hidden.only(named: "mount_lock")?.address == 0)
        let perCPUFirst = parseSymbols("0000000000000000 A fixed\nffffffff82000000 D mount_lock\n", ["mount_lock"])
        #expect(!perCPUFirst.addressesHidden, "a per-CPU symbol may be at 0")
        #expect(!parseSymbols("", ["mount_lock"]).addressesHidden, "nothing is not hidden")
    }

    @Test(
        "200,000 lines are read, in chunks of any size, and every wanted one is found",
        arguments: [4096, 65536, 1 << 24])
    func manyLines(chunk: Int) {
        var text = ""
        text.reserveCapacity(10_000_000)
        for line in 0..<200_000 {
            text += String(0xffff_ffff_8100_0000 + UInt64(line) * 16, radix: 16)
            text += line % 1000 == 7 ? " t wanted" : " T symbol_\(line)"
            text += line % 5000 == 7 ? ".part.0\n" : "\n"
        }
        let symbols = parseSymbols(
            text, ["wanted"], cutAt: Array(stride(from: chunk, to: text.utf8.count, by: chunk)))
        #expect(symbols.lineCount == 200_000)
        #expect(symbols.parts(of: "wanted").count == 200)
        #expect(symbols.all(named: "wanted").count == 160)
        let expected = (0..<200).map { 0xffff_ffff_8100_0000 + UInt64($0 * 1000 + 7) * 16 }
        #expect(symbols.parts(of: "wanted").map(\.address) == expected)
        #expect(symbols.parts(of: "wanted").allSatisfy { $0.end == $0.address + 16 })
    }

    @Test("a file is read as a text is")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "kallsyms-\(UUID().uuidString)").path
        try Self.text.write(toFile: path, atomically: false, encoding: .utf8)
        defer { unlink(path) }
        #expect(summary(try KernelSymbols.load(Self.wanted, from: path)) == summary(symbols))
    }

    @Test("a file that is not there is an error with the cause and a hint")
    func missingFile() {
        do throws(ProbeError) {
            _ = try KernelSymbols.load(["mount_lock"], from: "/nowhere/kallsyms")
            Issue.record("there is no such file")
        } catch {
            #expect(error.kind == .unavailable)
            #expect(error.message.contains("/nowhere/kallsyms") && error.message.contains("No such file"))
            #expect(error.hint.contains("/proc"))
        }
    }

    private func summary(_ symbols: KernelSymbols) -> String {
        let kept = Self.wanted.sorted().flatMap { symbols.parts(of: $0) }
        return kept.map { "\($0.name) \($0.address) \($0.end)" }.joined(separator: "\n") + " of \(symbols.lineCount)"
    }
}
