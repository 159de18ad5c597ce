@testable import Probe

/// An object whose maps hold what a test writes into them.
final class CountedObject: LoadedObject {
    /// By map and key: the words of every CPU, one CPU after the other.
    private var elements: [String: [UInt32: [UInt64]]] = [:]
    /// Every element that was read, in order: `map[key]`.
    private(set) var reads: [String] = []
    private(set) var detached: [String] = []
    private(set) var isClosed = false
    var recursion: [String: UInt64] = [:]
    var missed: [String: UInt64] = [:]
    /// What reading a map returns, where it fails.
    var failures: [String: Int32] = [:]

    /// - Parameter words: of an element, for all CPUs together.
    func make(_ map: String, key: UInt32 = 0, words: Int) {
        elements[map, default: [:]][key] = Array(repeating: 0, count: words)
    }

    func set(_ map: String, key: UInt32 = 0, word: Int, _ value: UInt64) {
        elements[map]?[key]?[word] = value
    }

    func readElement(_ map: String, key: UInt32, into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        reads.append("\(map)[\(key)]")
        if let failure = failures[map] { return failure }
        guard let words = elements[map]?[key], words.count * 8 == buffer.count else { return -22 }
        words.withUnsafeBytes { buffer.copyMemory(from: $0) }
        return 0
    }

    func mapMemory(_ map: String, bytes: Int) -> UnsafeRawPointer? { nil }
    func recursionMisses(_ program: String) -> UInt64? { recursion[program] }
    func missedKprobes(_ program: String) -> UInt64? { missed[program] }
    func detach(_ program: String) { detached.append(program) }
    func close() { isClosed = true }
    func forgetReads() { reads = [] }
}
