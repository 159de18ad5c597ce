import Glibc
import SystemCalls

/// Why a run cannot be read: the file, the row and the column, and what is wrong there.
public struct RunReadError: ExplainedError, Equatable {
    /// The file, or the folder where it is about all of it.
    public let path: String
    /// 1 is the header row, as editors number lines; nil where it is no row's fault.
    public let row: Int?
    /// nil where it is about the whole row.
    public let column: String?
    public let reason: String
    public let hint: String

    /// - Parameter reason: what is wrong, without a full stop.
    public init(path: String, row: Int? = nil, column: String? = nil, reason: String, hint: String = "") {
        self.path = path
        self.row = row
        self.column = column
        self.reason = reason
        self.hint = hint
    }

    init(path: String, _ cause: Errno, hint: String = "") {
        // What FileDescriptor.openRegular says of pipes, devices and the like.
        let reason = cause.code == EINVAL ? "is no regular file" : "cannot be read: \(cause)"
        self.init(path: path, reason: reason, hint: hint)
    }

    public var message: String {
        let place = (row.map { ", row \($0)" } ?? "") + (column.map { ", column \($0)" } ?? "")
        return "\"\(path)\"\(place): \(reason)"
    }
}
