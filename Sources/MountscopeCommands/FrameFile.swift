import Frames
import Glibc
import Recording
import SystemCalls

/// The screen as a text file in the current folder.
enum FrameFile {
    /// Never replaces a file, and follows no link: who runs this as root may stand in a folder of somebody else.
    /// - Returns: the path.
    /// - Throws: `SystemFailure`; no file is left then.
    static func write(_ frame: Frame) throws(SystemFailure) -> String {
        let path = "mountscope-screen-\(Clocks.realtime() / 1_000_000).txt"
        do throws(Errno) {
            let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            do throws(Errno) { try file.write(Array(frame.lines.map { $0 + "\n" }.joined().utf8)) } catch {
                _ = withSystemPath(path) { unlink($0) }
                throw error
            }
        } catch {
            throw SystemFailure("cannot write \(path)", error)
        }
        return path
    }
}
