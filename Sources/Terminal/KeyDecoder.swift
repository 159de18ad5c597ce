import Contention

/// Turns the bytes of a keyboard into keys: UTF-8, and the escape sequences of xterm, VT220, the Linux console and others.
///
/// Sequences that it does not know do nothing, nor does what is pasted, between the marks of bracketed paste or in one burst
/// that nobody types.
struct KeyDecoder {
    /// What is not whole yet.
    private var pending: [UInt8] = []
    private var isPasting = false

    /// Characters that come in one piece only when they are pasted.
    static let burst = 24
    /// A sequence that is longer is rubbish.
    private static let longestSequence = 64

    /// What one step over the bytes found.
    private enum Step {
        case key(Key, length: Int)
        case nothing(length: Int)
        /// More bytes are needed.
        case wait
    }

    /// Whether an Escape, or the beginning of a sequence, waits for what follows.
    var isWaiting: Bool { !pending.isEmpty }

    /// The keys that are complete with these bytes.
    mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        return take(isEnd: false)
    }

    /// The keys that the bytes were, given that no more come.
    mutating func flush() -> [Key] { take(isEnd: true) }

    private mutating func take(isEnd: Bool) -> [Key] {
        var keys: [Key] = []
        var characters = 0
        while !pending.isEmpty {
            switch isPasting ? pasted() : step(isEnd) {
            case .wait:
                // Inside of what is pasted only its end is waited for.
                guard !isPasting, isEnd || pending.count > KeyDecoder.longestSequence else {
                    return allowed(keys, characters)
                }
                pending.removeAll()
            case .nothing(let length):
                pending.removeFirst(length)
            case .key(let key, let length):
                pending.removeFirst(length)
                if case .character = key { characters += 1 }
                keys.append(key)
            }
        }
        return allowed(keys, characters)
    }

    private func allowed(_ keys: [Key], _ characters: Int) -> [Key] { characters > KeyDecoder.burst ? [] : keys }

    private mutating func step(_ isEnd: Bool) -> Step {
        switch pending[0] {
        case 0x1B: return escape(isEnd)
        case 0x0D, 0x0A: return .key(.enter, length: 1)
        case 0x09: return .key(.tab, length: 1)
        case 0x08, 0x7F: return .key(.backspace, length: 1)
        case 0x0C: return .key(.redraw, length: 1)
        case 0..<0x20: return .nothing(length: 1)
        default: return character()
        }
    }

    private func character() -> Step {
        let length =
            switch pending[0] {
            case ..<0x80: 1
            case 0xC2..<0xE0: 2
            case 0xE0..<0xF0: 3
            case 0xF0..<0xF5: 4
            default: 0
            }
        guard length > 0 else { return .nothing(length: 1) }
        guard pending.count >= length else { return .wait }
        var decoder = UTF8()
        var iterator = pending.prefix(length).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator), UTF8.width(scalar) == length,
            scalar.value >= 0xA0 || length == 1
        else { return .nothing(length: 1) }
        return .key(.character(Character(scalar)), length: length)
    }

    private mutating func escape(_ isEnd: Bool) -> Step {
        guard pending.count > 1 else { return isEnd ? .key(.escape, length: 1) : .wait }
        switch pending[1] {
        case 0x1B: return .key(.escape, length: 1)
        case UInt8(ascii: "["): return sequence()
        case UInt8(ascii: "O"):
            guard pending.count > 2 else { return .wait }
            return KeyDecoder.moves[pending[2]].map { .key($0, length: 3) } ?? .nothing(length: 3)
        // Strings to the terminal's end: OSC, DCS, SOS, PM, APC.
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            guard let end = pending.dropFirst(2).firstIndex(where: { $0 == 0x07 || $0 == 0x1B }) else { return .wait }
            guard pending[end] == 0x1B else { return .nothing(length: end + 1) }
            return end + 1 < pending.count ? .nothing(length: end + 2) : .wait
        // Alt and a character.
        default: return .nothing(length: 2)
        }
    }

    /// ESC [ parameters, a letter.
    private mutating func sequence() -> Step {
        guard pending.count > 2 else { return .wait }
        // Function keys of the Linux console: ESC [ [ A.
        if pending[2] == UInt8(ascii: "[") { return pending.count > 3 ? .nothing(length: 4) : .wait }
        guard let end = pending.dropFirst(2).firstIndex(where: { !(0x20..<0x40).contains($0) }) else { return .wait }
        guard (0x40..<0x7F).contains(pending[end]) else { return .nothing(length: end) }
        let length = end + 1
        // A click, where somebody left the mouse on: three more bytes.
        if pending[end] == UInt8(ascii: "M"), end == 2 {
            return pending.count >= length + 3 ? .nothing(length: length + 3) : .wait
        }
        guard pending[end] != UInt8(ascii: "M") else { return .nothing(length: length) }
        guard pending[end] == UInt8(ascii: "~") else {
            return KeyDecoder.moves[pending[end]].map { .key($0, length: length) } ?? .nothing(length: length)
        }
        let number = String(decoding: pending[2..<end].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
        if number == "200" { isPasting = true }
        return KeyDecoder.numbered[number].map { .key($0, length: length) } ?? .nothing(length: length)
    }

    /// Everything up to ESC [ 201 ~ is dropped.
    private mutating func pasted() -> Step {
        let mark = Array("\u{1B}[201~".utf8)
        for start in pending.indices where pending[start] == mark[0] {
            let rest = pending[start...].prefix(mark.count)
            if rest.elementsEqual(mark) {
                isPasting = false
                return .nothing(length: start + mark.count)
            }
            if rest.count < mark.count, rest.elementsEqual(mark.prefix(rest.count)) {
                return start > 0 ? .nothing(length: start) : .wait
            }
        }
        return .nothing(length: pending.count)
    }

    private static let moves: [UInt8: Key] = [
        UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
        UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end, UInt8(ascii: "Z"): .backTab, UInt8(ascii: "M"): .enter,
    ]

    private static let numbered: [String: Key] = [
        "1": .home, "7": .home, "4": .end, "8": .end, "5": .pageUp, "6": .pageDown,
    ]
}
