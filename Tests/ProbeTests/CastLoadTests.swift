import CProbe
import Glibc
import ProbeImage
import Testing

@testable import Probe

/// Programs that follow pointers without calls. Where the kernel refuses them mountscope does without, which shows in nothing but
/// what it costs.
@Suite("Programs with casts on the kernel at hand, for root") struct CastLoadTests {
    private static let hasCasts: Bool = {
        guard geteuid() == 0, let types = try? KernelTypes(functions: ["bpf_rdonly_cast"]) else { return false }
        return types.function("bpf_rdonly_cast") != nil && isTaken(casts: false)
    }()

    private static func who(casts: Bool) -> ms_actor_config {
        ms_actor_config(
            on: 1, has_casts: casts ? 1 : 0, cgroup_subsystem: 0, scans: 1, mount_lock: 4096, user_registers: 16_216)
    }

    private static func isTaken(casts: Bool) -> Bool {
        do {
            try loadPages(casts: casts)
            return true
        } catch { return false }
    }

    private static func loadPages(casts: Bool) throws {
        let object = try BPFObject(.programs, name: "mountscope")
        defer { object.close() }
        let pages = ["m_start", "m_start_acquired", "m_stop", FunctionPrograms.mountsRelease]
        for program in FunctionPrograms.all where !pages.contains(program) { object.leaveOut(program) }
        var constants = ms_config()
        constants.mounts_register = UInt64(MS_FIRST_ARGUMENT)
        constants.who = who(casts: casts)
        try #require(object.setConstants(constants))
        try object.load()
    }

    @Test(
        "those of mount tables and scans are taken", .enabled(if: hasCasts, "no root, no casts, or no kprobe programs"))
    func pages() throws { try Self.loadPages(casts: true) }

    @Test("those on instructions are taken", .enabled(if: hasCasts, "no root, no casts, or no kprobe programs"))
    func sites() throws {
        let object = try BPFObject(.sites, name: "mountscope_site")
        defer { object.close() }
        var constants = ms_site_config()
        constants.who = Self.who(casts: true)
        try #require(object.setConstants(constants))
        try object.load()
    }
}
