import ArgumentParser

/// A whole number on the command line.
enum CountArgument {
    /// - Throws: `ValidationError`, which says the range, for what is no number or outside of it.
    static func parse(_ text: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            let most =
                range.upperBound == .max
                ? "from \(range.lowerBound) on" : "from \(range.lowerBound) to \(range.upperBound)"
            throw ValidationError("\"\(text)\" is no such number; write a whole one \(most)")
        }
        return number
    }
}
