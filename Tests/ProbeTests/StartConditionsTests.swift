import SystemCalls
import Testing

@testable import Probe

@Suite("What a host lacks before anything is measured") struct StartConditionsTests {
    @Test("each missing thing is named, with what to do")
    func obstacles() {
        func obstacle(_ edit: (inout StartConditions) -> Void) -> ProbeError? {
            var conditions = StartConditions()
            edit(&conditions)
            return conditions.obstacle
        }
        #expect(obstacle { _ in } == nil)
        #expect(
            obstacle { $0.hasProc = false }
                == ProbeError(.unavailable, "/proc is not mounted", hint: "mount it: mount -t proc proc /proc"))
        #expect(
            obstacle { $0.hasSys = false }
                == ProbeError(.unavailable, "/sys is not mounted", hint: "mount it: mount -t sysfs sysfs /sys"))
        let locked = obstacle { $0.lockdown = "confidentiality" }
        #expect(locked?.kind == .unavailable && locked?.hint == "boot with lockdown=integrity or lockdown=none")
        for mode in ["none", "integrity"] { #expect(obstacle { $0.lockdown = mode } == nil) }
    }

    @Test("addresses that are hidden from root too are a setting, those hidden from others a privilege")
    func hiddenAddresses() {
        let setting = StartConditions(pointerRestriction: 2).hiddenAddresses
        #expect(setting.kind == .notPermitted && setting.hint == "set it to 1: sysctl kernel.kptr_restrict=1")
        #expect(setting.message.hasSuffix("from everybody: kernel.kptr_restrict is 2"))
        for conditions in [
            StartConditions(pointerRestriction: 2, isRoot: false), StartConditions(pointerRestriction: 1),
            StartConditions(),
        ] {
            #expect(conditions.hiddenAddresses.hint == ProbeError.needsRoot)
        }
    }

    @Test("the lockdown mode is the one in brackets, or else what the kernel was started with")
    func lockdown() {
        #expect(
            StartConditions.lockdown(modes: "none integrity [confidentiality]", commandLine: "") == "confidentiality")
        #expect(
            StartConditions.lockdown(modes: "[none] integrity", commandLine: "lockdown=confidentiality") == "none")
        #expect(StartConditions.lockdown(modes: nil, commandLine: "quiet lockdown=integrity ro") == "integrity")
        #expect(StartConditions.lockdown(modes: nil, commandLine: "quiet") == nil)
    }

    @Test("this host has what is looked at")
    func current() { #expect(StartConditions.current.hasProc && StartConditions.current.hasSys) }
}

@Suite("Room for open files") struct OpenFilesTests {
    @Test("the soft limit is raised to what is needed, the hard one only where it must be")
    func raises() {
        #expect(OpenFiles(soft: 1024, hard: 4096).raises(to: 1024).isEmpty)
        #expect(OpenFiles(soft: 1024, hard: 4096).raises(to: 2000) == [OpenFiles(soft: 2000, hard: 4096)])
        #expect(
            OpenFiles(soft: 12, hard: 100).raises(to: 300)
                == [OpenFiles(soft: 300, hard: 300), OpenFiles(soft: 100, hard: 100)])
    }

    @Test("a host with hundreds of CPUs needs more than the usual 1,024")
    func needed() {
        #expect(ProbeAttachment.filesNeeded(places: 0, possibleCPUs: 2) == 260)
        #expect(ProbeAttachment.filesNeeded(places: 211, possibleCPUs: 288) > 1024)
    }
}
