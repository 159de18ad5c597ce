import Contention
import SystemCalls

/// Which CPUs are online: they come and go while the machine runs.
enum OnlineCPUs {
    private static let path = "/sys/devices/system/cpu/online"

    /// How many of the possible CPUs are online.
    static func count(possible: Int) -> Int { levels(possible: possible).count { $0 != 0 } }

    /// 1 for each CPU that is online; all of them where the kernel does not say.
    static func levels(possible: Int) -> [UInt64] {
        let text: String
        do throws(Errno) { text = try readText(path) } catch { return Array(repeating: 1, count: possible) }
        let online = Set(CPUList.numbers(text.prefix { $0 != "\n" }))
        guard !online.isEmpty else { return Array(repeating: 1, count: possible) }
        return (0..<possible).map { online.contains($0) ? 1 : 0 }
    }
}
