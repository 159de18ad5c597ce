import Glibc
import SystemCalls

/// What the host says of itself that decides whether anything can be measured at all.
struct StartConditions: Equatable {
    var hasProc = true
    var hasSys = true
    /// kernel.kptr_restrict; nil where the kernel does not say.
    var pointerRestriction: Int?
    /// The lockdown mode: `none`, `integrity`, `confidentiality`; nil where the kernel does not say.
    var lockdown: String?
    var isRoot = true

    /// The running host.
    static var current: StartConditions {
        StartConditions(
            hasProc: access("/proc/self/stat", F_OK) == 0, hasSys: access("/sys/kernel", F_OK) == 0,
            pointerRestriction: text("/proc/sys/kernel/kptr_restrict").flatMap { Int($0) },
            lockdown: lockdown(
                modes: text("/sys/kernel/security/lockdown"), commandLine: text("/proc/cmdline") ?? ""),
            isRoot: geteuid() == 0)
    }

    private static func text(_ path: String) -> String? {
        do throws(Errno) { return String(try readText(path).prefix { $0 != "\n" }) } catch { return nil }
    }

    /// - Parameters:
    ///   - modes: `none integrity [confidentiality]`; nil where securityfs is not mounted.
    ///   - commandLine: the kernel's.
    static func lockdown(modes: String?, commandLine: String) -> String? {
        if let modes {
            return modes.split(separator: " ").first { $0.hasPrefix("[") }.map { String($0.dropFirst().dropLast()) }
        }
        return commandLine.split(separator: " ").last { $0.hasPrefix("lockdown=") }.map { String($0.dropFirst(9)) }
    }

    /// Why nothing can be measured; nil where nothing here says so.
    var obstacle: ProbeError? {
        if !hasProc {
            return ProbeError(.unavailable, "/proc is not mounted", hint: "mount it: mount -t proc proc /proc")
        }
        if !hasSys {
            return ProbeError(.unavailable, "/sys is not mounted", hint: "mount it: mount -t sysfs sysfs /sys")
        }
        if lockdown == "confidentiality" {
            return ProbeError(
                .unavailable,
                "the kernel is locked down for confidentiality: nobody may read its memory, not even root",
                hint: "boot with lockdown=integrity or lockdown=none")
        }
        return nil
    }

    /// Why /proc/kallsyms shows no addresses.
    var hiddenAddresses: ProbeError {
        guard isRoot, let pointerRestriction, pointerRestriction > 1 else {
            return ProbeError(.notPermitted, "/proc/kallsyms hides its addresses", hint: ProbeError.needsRoot)
        }
        return ProbeError(
            .notPermitted,
            "/proc/kallsyms hides its addresses from everybody: kernel.kptr_restrict is \(pointerRestriction)",
            hint: "set it to 1: sysctl kernel.kptr_restrict=1")
    }
}
