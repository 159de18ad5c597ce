import Foundation
import Testing

/// What a recorder and its command may do once everything is attached.
extension OnThisKernel.PrivilegeTests {
    @Test(
        "a recorder keeps CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE and CAP_DAC_OVERRIDE, and cannot execute or mount any more"
    )
    func recorder() throws {
        try withScratchFolder { folder in
            let process = try CommandProcess(["record", "-o", "\(folder)/run", "-i", "100ms"])
            for _ in 0..<4000 where access("\(folder)/run/run.json", F_OK) != 0 { usleep(5_000) }
            usleep(300_000)
            let status = try String(contentsOfFile: "/proc/\(process.identifier)/status", encoding: .utf8)
            kill(process.identifier, SIGINT)
            #expect(try process.finish().status == 0)
            #expect(status.contains("CapEff:\t000000c000080002\n"))
            #expect(status.contains("CapPrm:\t000000c000080002\n"))
            #expect(status.contains("Seccomp:\t2\n"))
            #expect(try RecordedRun("\(folder)/run").endReason == "interrupted")
        }
    }

    @Test(
        "a command has root's capabilities and no filter; another user's command has neither capabilities nor root's groups"
    )
    func command() throws {
        try withScratchFolder { folder in
            let script = "id -u; id -G; grep -e CapEff -e Seccomp: /proc/self/status; echo $HOME"
            let own = try CommandProcess(["record", "-o", "\(folder)/own", "--", "sh", "-c", script]).finish()
            #expect(own.status == 0 && own.output.hasPrefix("0\n") && own.output.contains("Seccomp:\t0\n"))
            #expect(!own.output.contains("CapEff:\t0000000000000000"))
            let other = try CommandProcess(
                ["record", "-o", "\(folder)/other", "--user", "nobody", "--", "sh", "-c", script]
            ).finish()
            #expect(other.status == 0, "\(other.errors)")
            #expect(other.output.hasPrefix("65534\n65534\n") && other.output.contains("CapEff:\t0000000000000000\n"))
            #expect(other.output.hasSuffix("/nonexistent\n"))
            #expect(try RecordedRun("\(folder)/other").endReason == "command_exited")
            let nobody = try CommandProcess(["record", "-o", "\(folder)/no", "--user", "no such", "--", "true"])
                .finish()
            #expect(nobody.status == 1 && nobody.errors.contains("there is no user"))
        }
    }

    @Test("under sudo a finished run belongs to the user behind it")
    func sudo() throws {
        try withScratchFolder { folder in
            let result = try CommandProcess(
                ["record", "-o", "\(folder)/run", "-d", "100ms", "-i", "50ms"],
                environment: ["SUDO_UID": "4711", "SUDO_GID": "4712"]
            ).finish()
            #expect(result.status == 0, "\(result.errors)")
            for name in ["", "/run.json", "/intervals.csv", "/hist.csv", "/actors.csv", "/tasks.csv"] {
                var status = stat()
                #expect(lstat("\(folder)/run\(name)", &status) == 0)
                #expect(status.st_uid == 4711 && status.st_gid == 4712)
            }
        }
    }
}
