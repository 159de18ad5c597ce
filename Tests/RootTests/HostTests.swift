import Foundation
import Testing

/// What the host lacks is said, with what to do, before anything starts.
extension OnThisKernel.UnavailableTests {
    @Test(
        "without /proc or /sys the exit status is 69, and what to mount is said",
        .enabled(if: hasUnshare, "needs unshare"),
        arguments: [
            ("proc", "live -d 1s"), ("proc", "report run"), ("proc", "load stat"), ("sys", "live -d 1s"),
            ("sys", "probe"), ("sys", "probe --sites"), ("sys", "record -o run -d 1s"),
        ])
    func withoutFileSystems(name: String, command: String) throws {
        let script = "mount -t tmpfs none /\(name) && exec \"$0\" \(command)"
        let result = try CommandProcess(executable: unshare, ["--mount", "/bin/sh", "-c", script, mountscope]).finish()
        #expect(result.status == 69)
        #expect(
            result.errors
                == "mountscope: /\(name) is not mounted\nhint: mount it: mount -t \(name)\(name == "sys" ? "fs" : "") "
                + "\(name)\(name == "sys" ? "fs" : "") /\(name)\n")
    }

    @Test(
        "too few open files end it before anything is written; more are taken where they may be; the command gets its own"
    )
    func openFiles() throws {
        try withScratchFolder { folder in
            func record(_ limit: String, _ command: String) throws -> CommandProcess.Result {
                let script = "ulimit \(limit) && exec \"$0\" record -o \(folder)/run -d 1s -- \(command)"
                return try CommandProcess(executable: "/bin/sh", ["-c", script, mountscope]).finish()
            }
            let raised = try record("-Sn 64", "sh -c 'ulimit -Sn'")
            #expect(raised.status == 0 && raised.output == "64\n", "\(raised.errors)")
            let run = try RecordedRun("\(folder)/run")
            #expect(!run.intervals.rows.isEmpty)
            try FileManager.default.removeItem(atPath: "\(folder)/run")
            // Without the capability to raise the hard limit.
            let script = "ulimit -n 12; exec \"$0\" record -o \(folder)/run -d 1s"
            guard hasSetpriv else { return }
            let few = try CommandProcess(
                executable: setpriv,
                ["--bounding-set=-sys_resource", "--inh-caps=-sys_resource", "/bin/sh", "-c", script, mountscope]
            ).finish()
            #expect(few.status == 1 && few.errors.contains("the limit is 12\nhint: raise it (ulimit -n "))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }
}
