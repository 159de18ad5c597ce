import Glibc

/// The standard normal distribution.
enum Normal {
    /// The probability of a value above `z`.
    static func upperTail(_ z: Double) -> Double { erfc(z / 2.0.squareRoot()) / 2 }
}
