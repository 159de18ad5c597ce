import Contention
import Glibc
import SystemCalls

/// Finds where the last whole interval of a run ends that had no orderly end.
///
/// A killed writer leaves whole rows but perhaps not all rows of its last interval, and one that failed knows how many
/// intervals are whole. What follows them counts as not written.
struct RunTail {
    private let path: String
    private let size: Int
    /// Bytes that the rows of one interval may have.
    private static let maximumWindow = 1 << 27
    private let file: FileDescriptor

    /// The files with their lengths cut to whole intervals; a last file without a header is left out.
    static func wholeIntervals(_ files: [RunFile], of run: RecordedRun) throws(RunReadError) -> [RunFile] {
        let last: Int?
        switch run.end?.end {
        case nil: last = nil
        case .failed: last = run.end?.intervals
        default: return files
        }
        guard var file = files.last else { return files }
        let tail = try RunTail(file)
        guard let length = try tail.wholeLength(upTo: last) else {
            // Killed before the header of a new file was out. The first one is written before the run appears.
            guard files.count > 1 else { throw RunReadError(path: file.path, reason: "the header row is missing") }
            return files.dropLast()
        }
        file.length = length
        return files.dropLast() + [file]
    }

    private init(_ file: RunFile) throws(RunReadError) {
        path = file.path
        size = file.length
        do { self.file = try FileDescriptor.openRegular(path) } catch { throw RunReadError(path: path, error) }
    }

    /// Bytes up to the end of the last whole interval; nil without a header.
    /// - Parameter last: the number of the last interval that is whole; nil where that has to be found out.
    private func wholeLength(upTo last: Int?) throws(RunReadError) -> Int? {
        let start = try bytes(0, min(size, 65_536))
        guard let headerEnd = start.firstIndex(of: lineFeed) else { return nil }
        let titles = start[..<headerEnd].split(separator: comma, omittingEmptySubsequences: false)
        func place(_ column: String) -> Int? { titles.firstIndex { $0.elementsEqual(column.utf8) } }
        guard let sequence = place("seq"), let lock = place("lock"), let metric = place("metric"),
            let site = place("site")
        else { return size }
        var window = 1 << 18
        while true {
            let from = max(headerEnd + 1, size - window)
            var rows = Rows(bytes: try bytes(from, size - from), isFromStart: from == headerEnd + 1)
            if let end = rows.wholeEnd(sequence: sequence, key: [lock, metric, site], upTo: last) { return from + end }
            // Every row of the window is of the interval in question.
            guard from > headerEnd + 1 else { return headerEnd + 1 }
            window *= 2
            guard window <= RunTail.maximumWindow, rows.hasRows || window <= RowScanner.maximumRowBytes * 4 else {
                throw RunReadError(
                    path: path,
                    reason: rows.hasRows
                        ? "its last interval is longer than \(RunTail.maximumWindow) bytes"
                        : "its last row is longer than \(RowScanner.maximumRowBytes) bytes")
            }
        }
    }

    private func bytes(_ offset: Int, _ count: Int) throws(RunReadError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            do {
                let got = try retryingInterrupted {
                    bytes.withUnsafeMutableBytes { memory in
                        pread(
                            file.number, memory.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                    }
                }
                guard got > 0 else { break }
                filled += got
            } catch { throw RunReadError(path: path, error) }
        }
        return Array(bytes[..<filled])
    }
}

/// The rows at the end of a file.
private struct Rows {
    private let bytes: [UInt8]
    private let isFromStart: Bool
    /// Behind the last line feed.
    private var end: Int

    init(bytes: [UInt8], isFromStart: Bool) {
        self.bytes = bytes
        self.isFromStart = isFromStart
        end = bytes.lastIndex(of: lineFeed).map { $0 + 1 } ?? 0
    }

    /// Whether a row ends in the window.
    var hasRows: Bool { bytes.contains(lineFeed) }

    /// Behind the last row of a whole interval; nil where that lies further up.
    mutating func wholeEnd(sequence: Int, key: [Int], upTo last: Int?) -> Int? {
        guard let row = previousRow() else { return isFromStart ? 0 : nil }
        let cells = cells(row)
        guard cells.count > max(sequence, key.max() ?? 0) else { return row.upperBound + 1 }
        let wholeEnd = end
        end = row.lowerBound
        let closing = key.map { cells[$0] }
        // Up, past every row of the same interval, or of every interval that is too many.
        while let above = previousRow() {
            let earlier = self.cells(above)
            guard earlier.count > max(sequence, key.max() ?? 0) else { return wholeEnd }
            let isSame =
                last.map { (number(earlier[sequence]) ?? 0) > $0 } ?? earlier[sequence].elementsEqual(cells[sequence])
            if !isSame {
                if let last { return (number(cells[sequence]) ?? 0) > last ? end : wholeEnd }
                return zip(closing, key.map { earlier[$0] }).allSatisfy { $0.elementsEqual($1) } ? wholeEnd : end
            }
            end = above.lowerBound
        }
        guard isFromStart else { return nil }
        if let last { return (number(cells[sequence]) ?? 0) > last ? 0 : wholeEnd }
        return isClosing(closing) ? wholeEnd : 0
    }

    /// Whether these cells name the series that ends every interval of this version.
    private func isClosing(_ cells: [ArraySlice<UInt8>]) -> Bool {
        guard let metric = Metric.allCases.last, let site = metric.sites.last else { return false }
        let name = SeriesName(SeriesKey(metric, site: site))
        return zip(cells, [name.lock, name.metric, name.site]).allSatisfy { $0.elementsEqual($1.utf8) }
    }

    private func previousRow() -> Range<Int>? {
        guard end > 0 else { return nil }
        if let above = bytes[..<(end - 1)].lastIndex(of: lineFeed) { return above + 1..<end - 1 }
        return isFromStart ? 0..<end - 1 : nil
    }

    private func cells(_ row: Range<Int>) -> [ArraySlice<UInt8>] {
        bytes[row].split(separator: comma, omittingEmptySubsequences: false)
    }

    private func number(_ cell: ArraySlice<UInt8>) -> Int? { Int(String(decoding: cell, as: UTF8.self)) }
}

private let comma = UInt8(ascii: ",")
private let lineFeed = UInt8(ascii: "\n")
