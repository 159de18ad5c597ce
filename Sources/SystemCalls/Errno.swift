import Glibc

/// An error number of the kernel, with its text.
public struct Errno: Error, Equatable, Sendable, CustomStringConvertible {
    /// As in errno(3).
    public let code: Int32

    /// - Parameter code: as in errno(3).
    public init(_ code: Int32) { self.code = code }

    /// The error of the system call that has just failed.
    public static var current: Errno { Errno(errno) }

    /// The text of strerror(3) and the number: `No space left on device (errno 28)`.
    public var description: String {
        guard let text = strerror(code) else { return "errno \(code)" }
        return "\(String(cString: text)) (errno \(code))"
    }
}

/// Calls again while a signal cuts in.
/// - Returns: what the call returned, never -1.
/// - Throws: the call's errno.
@discardableResult
public func retryingInterrupted<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let error = Errno.current
        if error.code != EINTR { throw error }
    }
}

/// An error that says what failed and what the user can do about it.
public protocol ExplainedError: Error {
    /// What failed, with the errno's text; one sentence without a full stop.
    var message: String { get }
    /// What to do about it; empty where nothing.
    var hint: String { get }
}

/// A system call that failed, in the user's words.
public struct SystemFailure: ExplainedError, Equatable {
    public let message: String
    public let hint: String
    /// The cause; nil where it was no errno.
    public let cause: Errno?

    /// - Parameter doing: what was tried, `cannot create folder "run1"`.
    public init(_ doing: String, _ cause: Errno, hint: String = "") {
        message = "\(doing): \(cause)"
        self.hint = hint
        self.cause = cause
    }

    /// - Parameter message: what failed, for failures without an errno.
    public init(message: String, hint: String = "") {
        self.message = message
        self.hint = hint
        cause = nil
    }
}
