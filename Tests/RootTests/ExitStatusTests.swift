import Foundation
import Testing

/// The exit status, and what is said with it, as scripts get them.
extension OnThisKernel.ExitStatusTests {
    static let probing = [["live", "-d", "10ms"], ["record", "-d", "10ms", "-o"]]

    @Test(
        "nonsense on the command line is 64",
        arguments: [
            ["nonsense"], ["live", "--nonsense"], ["live", "-i", "soon"], ["live", "-i", "1ms"], ["record"],
            ["probe", "--format", "xml"], ["load"], ["load", "sleep"], ["load", "bind", "-n", "-1"],
            ["record", "-o", "run", "extra"],
        ])
    func usage(arguments: [String]) throws {
        let result = try CommandProcess(arguments).finish()
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("Error: ") && result.errors.contains("Usage: "))
    }

    @Test(
        "without privilege it is 77, with a hint",
        .enabled(if: canBecomeNobody, "needs setpriv, and a build that anybody may read"), arguments: probing)
    func notPermitted(arguments: [String]) throws {
        try withScratchFolder { folder in
            #expect(chmod(folder, 0o777) == 0)
            let run = arguments.last == "-o" ? ["\(folder)/run"] : []
            let result = try asNobody(arguments + run).finish()
            #expect(result.status == 77)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("mountscope: ") && result.errors.contains("hint: run mountscope as root"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    @Test(
        "probe needs no privilege, and says what it would need",
        .enabled(if: canBecomeNobody, "needs setpriv, and a build that anybody may read"))
    func probeWithoutPrivilege() throws {
        let result = try asNobody(["probe"]).finish()
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.output.contains("hint: run mountscope as root"))
        #expect(!result.output.contains("as root this is a policy"), "nobody is root")
        #expect(!result.output.contains("exact"))
    }

    @Test("without BTF it is 69, with a hint", .enabled(if: hasUnshare, "needs unshare"), arguments: probing)
    func noBTF(arguments: [String]) throws {
        try withScratchFolder { folder in
            let run = arguments.last == "-o" ? ["\(folder)/run"] : []
            let script = "mount -t tmpfs none /sys/kernel/btf && exec \"$0\" \"$@\""
            let result = try CommandProcess(
                executable: unshare, ["--mount", "/bin/sh", "-c", script, mountscope] + arguments + run
            ).finish()
            #expect(result.status == 69)
            #expect(result.output.isEmpty)
            #expect(
                result.errors.contains("/sys/kernel/btf/vmlinux") && result.errors.contains("CONFIG_DEBUG_INFO_BTF"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    @Test("a run that cannot be written is 1, and says why", arguments: ["/nowhere/run", "/dev/null/run", "/proc/run"])
    func cannotWrite(run: String) throws {
        let result = try CommandProcess(["record", "-d", "10ms", "-o", run]).finish()
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("mountscope: cannot ") && result.errors.contains("\"\(run)\": "))
        #expect(result.errors.contains("\nhint: "))
    }

    @Test("a run that exists is 1 and stays as it is; --force replaces it")
    func exists() throws {
        try withScratchFolder { folder in
            let record = ["record", "-i", "10ms", "-d", "20ms", "-o", "\(folder)/run"]
            #expect(try CommandProcess(record).finish().status == 0)
            let before = try contents(of: "\(folder)/run")
            let refused = try CommandProcess(record).finish()
            #expect(refused.status == 1)
            #expect(refused.errors.contains("exists already") && refused.errors.contains("--force"))
            #expect(try contents(of: "\(folder)/run") == before)
            #expect(try CommandProcess(record + ["--force"]).finish().status == 0)
            let after = try contents(of: "\(folder)/run")
            #expect(after.keys == before.keys && after["run.json"] != before["run.json"])
        }
    }

    @Test("a folder that holds no run is not replaced, not even with --force")
    func noRun() throws {
        try withScratchFolder { folder in
            try "precious".write(toFile: "\(folder)/notes", atomically: false, encoding: .utf8)
            let result = try CommandProcess(["record", "-d", "10ms", "--force", "-o", folder]).finish()
            #expect(result.status == 1)
            #expect(try contents(of: folder) == ["notes": Data("precious".utf8)])
        }
    }

    @Test("a command that is not there is 1, and leaves no run")
    func noCommand() throws {
        try withScratchFolder { folder in
            let result = try CommandProcess(["record", "-o", "\(folder)/run", "--", "/nowhere/command"]).finish()
            #expect(result.status == 1)
            #expect(result.errors.contains("\"/nowhere/command\""))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    @Test("a recorded command's own status is no failure of the recording")
    func commandFails() throws {
        try withScratchFolder { folder in
            let record = ["record", "-o", "\(folder)/run", "--", "/bin/sh", "-c", "exit 3"]
            #expect(try CommandProcess(record).finish().status == 0)
            let command = try RecordedRun("\(folder)/run").description["command"] as? [String: Any]
            #expect(command?["exit_status"] as? Int == 3)
        }
    }

    @Test("live into head ends quietly with 0")
    func head() throws {
        try withScratchFolder { folder in
            let script = """
                { "$0" live -i 10ms 2>"$1/errors"; echo $? >"$1/status"; } | head -3 >"$1/output"
                """
            #expect(try CommandProcess(executable: "/bin/sh", ["-c", script, mountscope, folder]).finish().status == 0)
            let files = try contents(of: folder)
            #expect(files["status"] == Data("0\n".utf8))
            #expect(files["errors"] == Data())
            #expect(files["output"]?.filter { $0 == 0x0A }.count == 3)
        }
    }

    private func asNobody(_ arguments: [String]) throws -> CommandProcess {
        try CommandProcess(executable: setpriv, nobody + [mountscope] + arguments)
    }

    private func contents(of folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try names.reduce(into: [:]) { files, name in
            files[name] = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        }
    }
}

private let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]

/// Whether the command runs at all without privilege: the folders above it must be open to everybody.
private let canBecomeNobody: Bool = {
    guard hasSetpriv else { return false }
    do {
        return try CommandProcess(executable: setpriv, nobody + [mountscope, "--version"]).finish().status == 0
    } catch {
        return false
    }
}()
