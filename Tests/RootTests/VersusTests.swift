import Foundation
import Testing

/// `mountscope versus` on the running kernel.
extension OnThisKernel.VersusTests {
    private func versus(_ words: [String]) throws -> CommandProcess.Result {
        try CommandProcess(["versus"] + words).finish()
    }

    private var remounts: [String] {
        [2000, 200].map { "\(mountscope) load remount -n \($0)" }
    }

    @Test("a tenth of the remounts is a tenth of the write sections, and the runs can be compared again")
    func remounting() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try versus(remounts + ["-n", "6", "-o", folder, "--metric", "write_sections", "--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        let json = try #require(result.json)
        let answer = try #require(json["answer"] as? String)
        #expect(answer.contains("per run: ") && answer.contains(" write sections (") && answer.contains(" times fewer"))
        let order = try #require(json["order"] as? [String])
        #expect(order.count == 12 && order.count { $0 == "old" } == 6)
        #expect(stride(from: 0, to: 12, by: 2).allSatisfy { order[$0] != order[$0 + 1] })
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names.count == 12)
        let (old, new) = (names.filter { $0.hasPrefix("old") }, names.filter { $0.hasPrefix("new") })
        let compared = try CommandProcess(
            ["compare"] + old.map { "\(folder)/\($0)" } + ["--to"] + new.map { "\(folder)/\($0)" }
                + ["--metric", "write_sections", "--format", "json"]
        ).finish()
        #expect(compared.status == 0, "\(compared.errors)")
        let comparison = try #require(json["comparison"] as? [String: Any])
        func rows(_ object: [String: Any]?) -> [[String: Any]] {
            ((object?["sides"] as? [[String: Any]])?.first?["rows"] as? [[String: Any]]) ?? []
        }
        #expect(rows(comparison).count == 1 && rows(compared.json).count == 1)
        for member in ["base_median", "new_median", "ratio", "p"] {
            #expect(rows(comparison)[0][member] as? Double == rows(compared.json)[0][member] as? Double, "\(member)")
        }
        #expect(rows(comparison)[0]["shown"] as? String == "less" && rows(comparison)[0]["per"] as? String == "run")
    }

    @Test("a gate finds more write sections, and passes fewer")
    func gate() throws {
        let words = ["-n", "6", "--metric", "write_sections", "--fail-over", "10"]
        let better = try versus(remounts + words)
        #expect(better.status == 0, "\(better.errors)\(better.output)")
        let worse = try versus(remounts.reversed() + words)
        #expect(worse.status == 2, "\(worse.errors)\(worse.output)")
        let few = try versus(remounts + ["-n", "2", "--warmup", "0", "--fail-over", "10"])
        #expect(few.status == 3 && few.errors.contains("--fail-over cannot judge"))
    }

    @Test("a command that fails is exit status 1, with its status, and what it writes is seen where that is asked for")
    func failure() throws {
        let failed = try versus(["true", "echo loud; exit 3", "-n", "2", "--warmup", "0"])
        #expect(failed.status == 1 && failed.errors.contains("exited with status 3"))
        #expect(!failed.errors.contains("loud") && failed.output.isEmpty)
        let shown = try versus(["true", "echo loud; exit 3", "-n", "2", "--warmup", "0", "--show-output"])
        #expect(shown.errors.contains("loud") && shown.output.isEmpty)
        #expect(try versus(["true", "exit 3", "-n", "2", "--warmup", "0", "--ignore-failure"]).status == 0)
        #expect(try versus(["true", "no-such-program-here", "-n", "1"]).status == 1)
        #expect(try versus(["true", "true", "-n", "1", "--prepare", "exit 4"]).errors.contains("--prepare"))
    }

    @Test("a signal ends the run that goes on with all it started, and says which runs are kept")
    func interruption() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let marker = "86399.\(getpid())"
        let process = try CommandProcess([
            "versus", "true", "test -e \(folder)/new-1 && { sleep \(marker) & wait; }; true", "-n", "6", "-o", folder,
        ])
        // Not by pgrep, which a small system lacks.
        let isStarted = {
            let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return processes.contains { process in
                guard Int(process) != nil else { return false }
                return FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
                    == Data("sleep\0\(marker)\0".utf8)
            }
        }
        for _ in 0..<600 where !isStarted() { usleep(50_000) }
        #expect(isStarted())
        kill(process.identifier, SIGINT)
        let result = try process.finish()
        #expect(result.status == 1)
        #expect(result.errors.contains("interrupted by SIGINT in run "))
        #expect(result.errors.contains("whole runs kept in \"\(folder)\": "))
        #expect(!isStarted())
    }

    @Test("commands of one word and odd ones are text for sh, and nonsense is a usage error")
    func usage() throws {
        #expect(try versus(["true"]).status == 64)
        #expect(try versus(["", "true"]).status == 64)
        #expect(try versus(["true", "true", "-n", "0"]).status == 64)
        #expect(try versus(["true", "true", "--metric", "no_such_metric"]).status == 1)
        #expect(try versus(["true", "true", "-o", "/no/such/folder/here"]).status == 1)
    }
}
