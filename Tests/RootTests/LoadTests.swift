import Foundation
import Testing

/// `mountscope load` as a process, in its own mount namespace.
extension OnThisKernel.LoadTests {
    static let kinds = ["bind", "remount", "stat", "open", "dotdot", "getcwd", "mountinfo", "unshare"]

    @Test("a load does exactly the operations it is asked for", arguments: kinds)
    func operations(kind: String) throws {
        let result = try CommandProcess(["load", kind, "-t", "2", "-n", "7"]).finish()
        #expect(result.status == 0)
        let counts = try #require(result.kind(kind))
        #expect(counts["threads"] == 2)
        #expect(counts["operations"] == 14)
        #expect(result.json?["interrupted"] as? Bool == false)
        switch kind {
        case "bind": #expect(counts["mount_calls"] == 14 && counts["umount_calls"] == 14)
        case "remount": #expect(counts["mount_calls"] == 14)
        case "mountinfo": #expect(try #require(counts["read_calls"]) >= 28)
        default: break
        }
    }

    @Test("all kinds work at once, readers over the mounts that are toggled")
    func mix() throws {
        let threads = Self.kinds.flatMap { ["--\($0)", "2"] }
        let result = try CommandProcess(["load", "mix", "-d", "300ms"] + threads).finish()
        #expect(result.status == 0)
        for kind in Self.kinds {
            let counts = try #require(result.kind(kind))
            #expect(try #require(counts["operations"]) > 0, "\(kind) did nothing")
        }
    }

    @Test("the set-up is the same for any number of operations", arguments: kinds + ["mix"])
    func baseline(scenario: String) throws {
        let options = scenario == "mix" ? [] : ["-t", "3"]
        let none = try CommandProcess(["load", scenario, "-n", "0", "--table-mounts", "5"] + options).finish()
        let some = try CommandProcess(["load", scenario, "-n", "4", "--table-mounts", "5"] + options).finish()
        #expect(none.status == 0 && some.status == 0)
        for name in ["setup_mount_calls", "mounts_in_namespace"] {
            #expect(none.integer(name) == some.integer(name))
        }
        if scenario != "mix" { #expect(none.kind(scenario)?["operations"] == 0) }
    }

    @Test("table mounts are counted, and read in the bytes that mountinfo gives")
    func tableMounts() throws {
        let few = try CommandProcess(["load", "mountinfo", "-n", "1"]).finish()
        let many = try CommandProcess(["load", "mountinfo", "-n", "1", "--table-mounts", "300"]).finish()
        let mounts = try #require(few.integer("mounts_in_namespace"))
        #expect(many.integer("mounts_in_namespace") == mounts + 300)
        let counts = try #require(many.kind("mountinfo"))
        #expect(try #require(counts["read_calls"]) >= 300 * 60 / 4096)
        #expect(try #require(counts["bytes"]) > 300 * 60)
    }

    @Test("a signal ends the work early, and what was done is printed", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) throws {
        let process = try CommandProcess(["load", "mix", "-d", "60s"])
        try process.waitForWork(threads: 9)
        kill(process.identifier, signal)
        let result = try process.finish()
        #expect(result.status == 0)
        #expect(result.json?["interrupted"] as? Bool == true)
        #expect(try #require(result.kind("remount")?["operations"]) > 0)
    }

    @Test(
        "a signal ends the set-up too, in each of its phases, and leaves nothing",
        arguments: [
            ["load", "bind", "--table-mounts", "100000", "-n", "0"], ["load", "stat", "-t", "4096", "-n", "0"],
        ])
    func interruptedSetup(arguments: [String]) throws {
        let before = try mountTable()
        let told = "mountscope: interrupted during the set-up: nothing was done, and its mounts are gone\n"
        var interrupted = 0
        for milliseconds: UInt32 in [10, 20, 40, 80, 160, 320] {
            let process = try CommandProcess(arguments)
            usleep(milliseconds * 1000)
            kill(process.identifier, SIGINT)
            let result = try process.finish()
            if result.status == 1 {
                interrupted += 1
                #expect(result.output.isEmpty && result.errors == told)
            } else {
                // Before it watches for signals; or behind its set-up, however fast this machine is.
                #expect(result.status == -SIGINT || result.status == 0, "\(result.errors)")
            }
            #expect(try mountTable() == before)
        }
        #expect(interrupted > 0)
    }

    @Test("nothing is mounted outside, not even when the load is killed", arguments: ["bind", "unshare", "mix"])
    func killed(scenario: String) throws {
        let before = try mountTable()
        for _ in 0..<3 {
            let process = try CommandProcess(["load", scenario, "-d", "60s", "--table-mounts", "20"])
            try process.waitForWork(threads: scenario == "mix" ? 9 : 1)
            #expect(getpgid(process.identifier) == process.identifier, "survivors are looked for by group")
            #expect(try mountTable() == before)
            kill(process.identifier, SIGKILL)
            process.waitUntilExit()
            #expect(try mountTable() == before)
            #expect(try survivors(of: process.identifier) == [])
        }
    }

    @Test("shared mounts do not carry the load's mounts outside", .enabled(if: hasUnshare, "needs unshare"))
    func sharedPropagation() throws {
        let script = """
            before=$(cat /proc/self/mountinfo)
            "$0" load mix -d 60s --table-mounts 20 & load=$!
            sleep 0.3
            during=$(cat /proc/self/mountinfo)
            kill -KILL $load; wait $load
            after=$(cat /proc/self/mountinfo)
            case "$before" in *shared:*) ;; *) echo "not shared" ;; esac
            [ "$before" = "$during" ] && [ "$before" = "$after" ] && echo equal
            """
        let result = try CommandProcess(
            executable: unshare, ["--mount", "--propagation", "shared", "/bin/sh", "-c", script, mountscope]
        ).finish()
        #expect(result.output == "equal\n")
    }

    @Test("without permission the exit code is 77 and says what to do", .enabled(if: hasSetpriv, "needs setpriv"))
    func noPermission() throws {
        let result = try CommandProcess(
            executable: setpriv, ["--bounding-set=-sys_admin", "--inh-caps=-sys_admin", mountscope, "load", "bind"]
        ).finish()
        #expect(result.status == 77)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("unshare(CLONE_NEWNS): Operation not permitted (errno 1)\nhint: run as root"))
    }

    /// Processes other than zombies still in the load's process group, after the two seconds they get to die.
    private func survivors(of group: Int32) throws -> [String] {
        var found: [String] = []
        for _ in 0..<200 {
            found = try processes(inGroup: group)
            if found.isEmpty { return [] }
            usleep(10_000)
        }
        return found
    }
}

private func mountTable() throws -> String {
    try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
}

/// `pid state` of every process of a group but the zombies, which have no namespace any more.
private func processes(inGroup group: Int32) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
        // A process may end between the listing and the reading.
        guard Int32(name) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(name)/stat"),
            let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        else { return nil }
        return fields[0] != "Z" && fields[2] == "\(group)" ? "\(name) \(fields[0])" : nil
    }
}
