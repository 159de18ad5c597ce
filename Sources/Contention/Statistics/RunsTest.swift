import Glibc

/// Whether two kinds of things come mixed or in blocks: Wald and Wolfowitz, "On a test whether two samples are from the
/// same population", Annals of Mathematical Statistics 11 (1940).
enum RunsTest {
    /// The share of all orders in which the kind changes at most as often as in this one.
    static func shareWithSoFewChanges(_ order: [Bool]) -> Double {
        let (ones, others) = (order.count { $0 }, order.count { !$0 })
        guard ones > 0, others > 0 else { return 1 }
        let changes = zip(order, order.dropFirst()).count { $0 != $1 }
        return (1...changes).reduce(0) { $0 + share(ones, others, changes: $1) }
    }

    /// The share of orders in which the kind changes so often.
    private static func share(_ ones: Int, _ others: Int, changes: Int) -> Double {
        let all = logWays(ones + others, choose: ones)
        func orders(_ first: Int, _ second: Int) -> Double {
            guard (1...ones).contains(first), (1...others).contains(second) else { return 0 }
            return exp(logWays(ones - 1, choose: first - 1) + logWays(others - 1, choose: second - 1) - all)
        }
        let blocks = changes + 1
        let half = blocks / 2
        return blocks % 2 == 0 ? 2 * orders(half, half) : orders(half, half + 1) + orders(half + 1, half)
    }

    /// The logarithm of how many ways there are to choose so many of them; sums, so that thousands do not overflow.
    private static func logWays(_ count: Int, choose chosen: Int) -> Double {
        (0..<min(chosen, count - chosen)).reduce(0) { $0 + log(Double(count - $1)) - log(Double($1 + 1)) }
    }
}
