import SiteMap
import SystemCalls

/// A real kernel's text, as far as it concerns the locks: what `mountscope probe --excerpt` printed in a guest
/// (scripts/record-fixtures).
public struct KernelFixture: Sendable {
    /// Series and flavour, `6.12-rt`.
    public let name: String
    /// `uname -r`
    public let release: String
    /// With the functions that are called on the locks, and the path walks.
    public let locks: LockAddresses
    /// Of /proc/kallsyms what rules ask for: first address, the one behind the last, name. By address.
    public let symbols: [Symbol]
    /// By address.
    public let functions: [KernelFunction]
    /// Places of four bytes that refer to a lock or a path walk, ascending.
    public let references: [UInt64]

    /// The kernels of Debian that were recorded, which GCC has compiled.
    public static let names = ["5.10", "6.12", "6.12-rt", "7.3"]
    /// Those and what other compilers made.
    public static let all = names + ["6.12-clang"]

    public struct Symbol: Sendable, Equatable {
        public let address: UInt64
        public let end: UInt64
        public let name: String
    }

    /// Why a recording cannot be used.
    public struct Malformed: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Throws: `Errno` where there is none of this name, `Malformed` where a line is none of a recording.
    public init(_ name: String) throws {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        var release = ""
        var locks: [Substring] = []
        var symbols: [Symbol] = []
        var functions: [KernelFunction] = []
        var references: [UInt64] = []
        for line in try readText("/\(folder)/Recorded/\(name).txt").split(separator: "\n") {
            let words = line.split(separator: " ")
            switch (words[0], words.count) {
            case ("kernel", 2): release = String(words[1])
            case ("locks", 4): locks = Array(words[1...])
            case ("symbol", 4):
                symbols.append(
                    Symbol(address: try Self.number(words[1]), end: try Self.number(words[2]), name: String(words[3])))
            case ("function", 4):
                functions.append(
                    KernelFunction(
                        name: String(words[2]), start: try Self.number(words[1]), bytes: try Self.bytes(words[3])))
            case ("reference", 2): references.append(try Self.number(words[1]))
            default: throw Malformed(description: "\(name): \(line.prefix(80))")
            }
        }
        guard locks.count == 3, !functions.isEmpty else { throw Malformed(description: "\(name) is not complete") }
        self.init(
            name: name, release: release,
            locks: Self.addresses(
                try Self.number(locks[0]), try Self.number(locks[1], radix: 10), try Self.number(locks[2]), symbols),
            symbols: symbols, functions: functions, references: references)
    }

    private init(
        name: String, release: String, locks: LockAddresses, symbols: [Symbol], functions: [KernelFunction],
        references: [UInt64]
    ) {
        self.name = name
        self.release = release
        self.locks = locks
        self.symbols = symbols
        self.functions = functions
        self.references = references
    }

    private static func addresses(_ sequence: UInt64, _ offset: UInt64, _ semaphore: UInt64, _ symbols: [Symbol])
        -> LockAddresses
    {
        let called = symbols.filter { LockAddresses.wanted.contains($0.name) }.map { ($0.address, $0.name) }
        var locks = LockAddresses(
            sequence: sequence, spinlockOffset: offset, semaphore: semaphore,
            functions: Dictionary(called) { first, _ in first })
        func only(_ name: String) -> UInt64? { symbols.first { $0.name == name }?.address }
        if let start = only("_stext"), let end = only("_etext"), start < end { locks.text = start..<end }
        return locks
    }

    /// PREEMPT_RT: the spinlock sleeps, and readers block on it.
    public var isRealTime: Bool { locks.spinlockOffset == 16 }

    public var map: SiteMap { SiteMap(functions, locks: locks, references: references) }

    /// The same kernel as KASLR would have placed it: everything moves together, so that only addresses that are
    /// immediate values change.
    public func moved(by distance: UInt64) -> KernelFixture {
        let targets = locks.targets.map { UInt32(truncatingIfNeeded: $0) }
        let moved = functions.map { function in
            var bytes = function.bytes
            for place in references where place >= function.start && place + 4 <= function.start + UInt64(bytes.count) {
                let index = Int(place - function.start)
                let word = bytes[index..<index + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                guard targets.contains(word) else { continue }
                let new = word &+ UInt32(truncatingIfNeeded: distance)
                for byte in 0..<4 { bytes[index + byte] = UInt8(truncatingIfNeeded: new >> (8 * UInt32(byte))) }
            }
            return KernelFunction(name: function.name, start: function.start + distance, bytes: bytes)
        }
        let symbols = symbols.map { Symbol(address: $0.address + distance, end: $0.end + distance, name: $0.name) }
        return KernelFixture(
            name: name, release: release,
            locks: Self.addresses(
                locks.sequence + distance, locks.spinlockOffset, (locks.semaphore ?? 0) + distance, symbols),
            symbols: symbols, functions: moved, references: references.map { $0 + distance })
    }

    private static func number(_ text: Substring, radix: Int = 16) throws -> UInt64 {
        guard let number = UInt64(text, radix: radix) else { throw Malformed(description: "no number: \(text)") }
        return number
    }

    /// Digit by digit: a recording has some 90,000, and every test reads one.
    private static func bytes(_ text: Substring) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in Array(text.utf8) {
            let digit: UInt8
            switch character {
            case 0x30...0x39: digit = character - 0x30
            case 0x61...0x66: digit = character - 0x61 + 10
            default: throw Malformed(description: "no hexadecimal text: \(text.prefix(40))")
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil else { throw Malformed(description: "half a byte: \(text.suffix(40))") }
        return bytes
    }
}
