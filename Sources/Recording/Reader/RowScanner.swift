import Glibc
import SystemCalls

/// The memory of a scanner: a window of the file, a row without its quotes, and where the cells end.
private final class RowMemory {
    /// Rows are shorter; a file without line feeds must not fill the memory.
    static let capacity = 1 << 20
    static let maximumCells = 256
    let window = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    let unquoted = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    let ends = UnsafeMutablePointer<Int>.allocate(capacity: maximumCells)

    deinit {
        window.deallocate()
        unquoted.deallocate()
        ends.deallocate()
    }
}

/// Reads a CSV file row by row in constant memory, as fast as its bytes can be looked at.
///
/// A row is a line: the writer never puts a line feed into a cell, so one within quotes is an error. The cells of a row
/// are valid until the next one is read.
struct RowScanner {
    /// Rows are shorter.
    static let maximumRowBytes = RowMemory.capacity
    let path: String
    private let file: FileDescriptor
    private let memory = RowMemory()
    /// Bytes of the file that count and were not read yet.
    private var unread: Int
    /// Bytes behind them.
    private var hidden: Int
    private var position = 0
    private var filled = 0
    private var cells: UnsafePointer<UInt8>
    private var firstStart = 0
    private let ends: UnsafeMutablePointer<Int>
    /// The row's number; the header's is 1.
    private(set) var number = 0
    /// Cells of the row.
    private(set) var count = 0
    /// Of everything read so far.
    private var checksum = CRC32()

    /// - Parameters:
    ///   - length: bytes from the start of the file that count.
    ///   - size: bytes of the whole file.
    init(path: String, length: Int, size: Int) throws(RunReadError) {
        self.path = path
        do { file = try FileDescriptor.openRegular(path) } catch { throw RunReadError(path: path, error) }
        unread = length
        hidden = size - length
        cells = UnsafePointer(memory.window)
        ends = memory.ends
    }

    /// Goes to the next row; false at the end.
    /// - Parameter isTorn: whether the end may be the middle of a row, which then is none.
    mutating func next(orTorn isTorn: Bool = false) throws(RunReadError) -> Bool {
        var searched = 0
        while true {
            let start = memory.window + position
            let available = filled - position
            if let found = memchr(start + searched, Int32(lineFeed), available - searched) {
                let length = UnsafeRawPointer(found) - UnsafeRawPointer(start)
                number += 1
                try split(from: position, to: position + length)
                position += length + 1
                return true
            }
            searched = available
            guard try fill() else {
                if available == 0 || isTorn { return false }
                number += 1
                throw error("the row is cut off: it has no line feed at its end")
            }
        }
    }

    /// The checksum of the whole file, after the last row; the cells are gone then.
    mutating func finishChecksum() throws(RunReadError) -> CRC32 {
        unread += hidden
        hidden = 0
        repeat { position = filled } while try fill()
        return checksum
    }

    /// Where a cell begins and ends.
    @inline(__always) func start(_ index: Int) -> UnsafePointer<UInt8> {
        cells + (index == 0 ? firstStart : ends[index - 1] + 1)
    }

    @inline(__always) func end(_ index: Int) -> UnsafePointer<UInt8> { UnsafePointer(cells + ends[index]) }

    /// A cell's bytes, without quotes.
    @inline(__always) func cell(_ index: Int) -> UnsafeBufferPointer<UInt8> { slice(index, index) }

    /// The bytes of several cells and the commas between them.
    @inline(__always) func slice(_ first: Int, _ last: Int) -> UnsafeBufferPointer<UInt8> {
        let start = start(first)
        return UnsafeBufferPointer(start: start, count: end(last) - start)
    }

    /// An error in this row.
    @inline(never) func error(_ reason: String, column: String? = nil) -> RunReadError {
        RunReadError(path: path, row: number, column: column, reason: reason)
    }

    private mutating func fill() throws(RunReadError) -> Bool {
        guard unread > 0 else { return false }
        let kept = filled - position
        guard kept < RowMemory.capacity else {
            number += 1
            throw error("the row is longer than \(RowMemory.capacity) bytes")
        }
        memory.window.update(from: memory.window + position, count: kept)
        position = 0
        filled = kept
        let wanted = min(unread, RowMemory.capacity - kept)
        let count: Int
        do {
            count = try retryingInterrupted { read(file.number, memory.window + kept, wanted) }
        } catch {
            throw RunReadError(path: path, error)
        }
        guard count > 0 else { throw RunReadError(path: path, reason: "became shorter while it was read") }
        checksum.update(UnsafeRawBufferPointer(start: memory.window + kept, count: count))
        filled += count
        unread -= count
        return true
    }

    private mutating func split(from start: Int, to end: Int) throws(RunReadError) {
        let bytes = UnsafePointer(memory.window)
        cells = bytes
        firstStart = start
        var found = 0
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte <= comma {
                if byte == comma {
                    guard found < RowMemory.maximumCells - 1 else { throw tooManyCells }
                    ends[found] = index
                    found += 1
                } else if byte == quote {
                    return try splitQuoted(from: start, to: end)
                }
            }
            index += 1
        }
        ends[found] = end
        count = found + 1
    }

    /// The slow way, for a row with quotes somewhere.
    private mutating func splitQuoted(from start: Int, to end: Int) throws(RunReadError) {
        let bytes = memory.window
        let output = memory.unquoted
        cells = UnsafePointer(output)
        firstStart = 0
        var found = 0
        var length = 0
        var index = start
        while true {
            if index < end, bytes[index] == quote {
                index = try copyQuoted(from: index + 1, to: end, length: &length)
            } else {
                while index < end, bytes[index] != comma {
                    guard bytes[index] != quote else {
                        throw error("a quote within a cell that does not begin with one")
                    }
                    output[length] = bytes[index]
                    length += 1
                    index += 1
                }
            }
            guard found < RowMemory.maximumCells else { throw tooManyCells }
            ends[found] = length
            found += 1
            guard index < end else { break }
            output[length] = comma
            length += 1
            index += 1
        }
        count = found
    }

    /// - Returns: behind the closing quote, at a comma or the end.
    private func copyQuoted(from start: Int, to end: Int, length: inout Int) throws(RunReadError) -> Int {
        let bytes = memory.window
        var index = start
        while index < end {
            if bytes[index] == quote {
                index += 1
                guard index < end, bytes[index] == quote else {
                    guard index == end || bytes[index] == comma else { throw error("something behind a closing quote") }
                    return index
                }
            }
            memory.unquoted[length] = bytes[index]
            length += 1
            index += 1
        }
        throw error("a quote that is not closed on its line")
    }

    private var tooManyCells: RunReadError { error("more than \(RowMemory.maximumCells) cells") }
}

private let quote = UInt8(ascii: "\"")
private let comma = UInt8(ascii: ",")
private let lineFeed = UInt8(ascii: "\n")
