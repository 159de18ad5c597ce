/// Counts write sections from mount_lock's 32-bit sequence, which a section moves from even to odd and on to even.
///
/// It wraps after 2^31 sections (52 minutes at 690,000 a second): it must be read more often than that.
struct SequenceCounter {
    private var last: UInt32
    /// CLOCK_MONOTONIC of the latest reading, nanoseconds.
    private var moment: UInt64
    /// Moves since the first reading; one more if a section was under way then.
    private var moves: UInt64
    private var gaps: UInt64 = 0
    /// Why the sections since the reading before are not known; nil where they are.
    private(set) var gap: String?
    /// Why the sections since the first reading are not known; nil where they are.
    private(set) var lasting: String?

    /// Nanoseconds between two readings within which it cannot wrap: 2^31 sections in that time would be 21 million a second,
    /// and one lock does not change hands so often.
    static let longestGap: UInt64 = 100_000_000_000
    /// What `total` starts at, and by how much a gap sets it back: it is then smaller than at any reading before.
    private static let start: UInt64 = 1 << 62
    private static let step: UInt64 = 1 << 47

    init(first: UInt32, at moment: UInt64) {
        last = first
        self.moment = moment
        moves = UInt64(first & 1)
    }

    /// A counter whose growth between two readings is the sections between them, and that is smaller than before where
    /// they are not known.
    var total: UInt64 { Self.start - gaps * Self.step + moves / 2 }

    /// Sections that ended since the first reading. Where the reading before was too long ago (a process that was stopped)
    /// `gap` says so, and the number may be too small by a multiple of 2^31.
    /// - Parameter moment: CLOCK_MONOTONIC, nanoseconds.
    mutating func sections(at sequence: UInt32, moment: UInt64) -> UInt64 {
        let elapsed = moment - min(moment, self.moment)
        gap = nil
        if elapsed > Self.longestGap {
            gap = "mountscope did not run for \(elapsed / 1_000_000_000) s: the sequence may have wrapped meanwhile"
            lasting = gap
            gaps += 1
        }
        moves += UInt64(sequence &- last)
        last = sequence
        self.moment = moment
        return moves / 2
    }
}
