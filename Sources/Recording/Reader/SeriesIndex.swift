import Contention
import Glibc

/// Numbers the series of a run in the order of their first rows, and finds them again without making strings.
struct SeriesIndex {
    /// More would be no kernel's.
    static let maximum = 10_000
    private(set) var names: [SeriesName] = []
    /// The three cells as in the file: `mount_lock,read_retries,walk`.
    private var keys: [[UInt8]] = []
    /// The series that followed this one the last time.
    private var successors: [Int] = []
    private var numbers: [[UInt8]: Int] = [:]
    private var current = 0

    /// The series with these cells; nil for a new one.
    @inline(__always)
    mutating func find(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
        guard current < keys.count else { return nil }
        if matches(current, key) { return current }
        let likely = successors[current]
        if matches(likely, key) {
            current = likely
            return likely
        }
        return look(up: key)
    }

    /// Adds a series.
    mutating func add(_ name: SeriesName, key: UnsafeBufferPointer<UInt8>) -> Int {
        let number = names.count
        if number > 0 { successors[current] = number }
        names.append(name)
        keys.append(Array(key))
        successors.append(0)
        numbers[Array(key)] = number
        current = number
        return number
    }

    @inline(never) private mutating func look(up key: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let number = numbers[Array(key)] else { return nil }
        successors[current] = number
        current = number
        return number
    }

    @inline(__always) private func matches(_ number: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
        keys[number].withUnsafeBufferPointer { known in
            guard known.count == key.count, let left = known.baseAddress, let right = key.baseAddress else {
                return false
            }
            return memcmp(left, right, known.count) == 0
        }
    }
}
