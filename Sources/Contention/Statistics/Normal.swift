import Glibc

/// The standard normal distribution.
enum Normal {
    /// The probability of a value above `z`.
    static func upperTail(_ z: Double) -> Double { erfc(z / 2.0.squareRoot()) / 2 }

    /// The value above which lies so much of it, to twelve digits.
    static func quantile(upperTail tail: Double) -> Double {
        var (low, high) = (-40.0, 40.0)
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if upperTail(middle) > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
