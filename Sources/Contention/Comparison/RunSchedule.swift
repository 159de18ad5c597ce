/// In what order the runs of two sides are to be made.
public enum RunSchedule {
    /// Pairs of one run each, in each pair a random one first: what drifts hits both alike, and what comes and goes with every
    /// second run does not hit one of them.
    ///
    /// Half of the pairs begin with either side, with an odd number of them one side by one more.
    /// - Returns: for each run whether it is the new side's.
    public static func pairs(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Bool] {
        let first = (0..<count).map { $0 % 2 == 0 }.shuffled(using: &generator)
        let isTurned = count % 2 == 1 && Bool.random(using: &generator)
        return first.flatMap { $0 != isTurned ? [true, false] : [false, true] }
    }
}
