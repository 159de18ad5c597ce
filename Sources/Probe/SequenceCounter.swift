/// Counts write sections from mount_lock's 32-bit sequence, which a section moves from even to odd and on to even.
///
/// It wraps after 2^31 sections (52 minutes at 690,000 a second): it must be read more often than that.
struct SequenceCounter {
    private var last: UInt32
    /// Moves since the first reading; one more if a section was under way then.
    private var moves: UInt64

    init(first: UInt32) {
        last = first
        moves = UInt64(first & 1)
    }

    /// Sections that ended since the first reading.
    mutating func sections(at sequence: UInt32) -> UInt64 {
        moves += UInt64(sequence &- last)
        last = sequence
        return moves / 2
    }
}
