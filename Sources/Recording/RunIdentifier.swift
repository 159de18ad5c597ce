import CLinux
import Glibc
import SystemCalls

/// Names of runs.
public enum RunIdentifier {
    /// A new random UUID (RFC 9562, version 4).
    /// - Throws: `SystemFailure` when the kernel gives no random bytes.
    public static func random() throws(SystemFailure) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        do {
            // Up to 256 bytes come whole (getrandom(2)).
            try retryingInterrupted { bytes.withUnsafeMutableBytes { getrandom($0.baseAddress, $0.count, 0) } }
        } catch {
            throw SystemFailure("cannot get random bytes", error)
        }
        return format(bytes)
    }

    static func format(_ random: [UInt8]) -> String {
        var text = ""
        for (index, byte) in random.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            let marked: UInt8 = index == 6 ? byte & 0x0F | 0x40 : index == 8 ? byte & 0x3F | 0x80 : byte
            text += (marked < 16 ? "0" : "") + String(marked, radix: 16)
        }
        return text
    }
}
