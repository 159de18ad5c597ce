import Foundation
import Testing

/// However it ends: nothing stays in the kernel, and no row is torn.
extension OnThisKernel.LeftoverTests {
    /// How a start is ended.
    enum Ending: Equatable {
        case killed
        case signalled(Int32)
        case duration
    }

    @Test(
        "200 starts and stops leave no program, map or link in the kernel and no torn row",
        .enabled(if: BPFObjects.canBeListed, "needs bpftool"), .timeLimit(.minutes(10)))
    func twoHundred() throws {
        let before = try BPFObjects.all()
        var tails = 0
        try withScratchFolder { folder in
            for pair in 0..<100 {
                tails += try startAndStop(pair, ending(pair), in: folder)
            }
        }
        if tails > 0 {
            print("\(tails) bytes of rows that a SIGKILL tore are behind the last lines, where readers stop")
        }
        #expect(try BPFObjects.leftSince(before) == [])
    }

    @Test("a run that is killed says that it runs, and its rows are good")
    func killed() throws {
        try withScratchFolder { folder in
            let process = try CommandProcess(["record", "-i", "10ms", "-o", "\(folder)/run"])
            try waitForRun("\(folder)/run")
            usleep(100_000)
            kill(process.identifier, SIGKILL)
            #expect(try process.finish().status == -SIGKILL)
            let run = try RecordedRun("\(folder)/run")
            #expect(run.endReason == "running")
            #expect(!run.intervals.rows.isEmpty && run.intervals.tornLines == [])
        }
    }

    @Test("a run that is interrupted says by what", arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
    func interrupted(signal: Int32) throws {
        try withScratchFolder { folder in
            let process = try CommandProcess(["record", "-i", "10ms", "-o", "\(folder)/run"])
            try waitForRun("\(folder)/run")
            kill(process.identifier, signal)
            #expect(try process.finish().status == 0)
            let run = try RecordedRun("\(folder)/run")
            #expect(run.endReason == "interrupted")
            let names = [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP", SIGQUIT: "SIGQUIT"]
            #expect((run.description["end"] as? [String: Any])?["signal"] as? String == names[signal])
        }
    }

    /// Every tenth pair is killed, the others end in the three good ways.
    private func ending(_ number: Int) -> Ending {
        if number % 10 == 9 { return .killed }
        return [.duration, .signalled(SIGINT), .signalled(SIGTERM)][number % 3]
    }

    /// One `record` and one `live` at a time; returns the bytes behind the last lines of a killed run.
    private func startAndStop(_ number: Int, _ ending: Ending, in folder: String) throws -> Int {
        let path = "\(folder)/run-\(number)"
        let limit = ending == .duration ? ["-d", "30ms"] : []
        let record = try CommandProcess(["record", "-i", "10ms", "-o", path] + limit)
        let live = try CommandProcess(["live", "-i", "10ms"] + limit)
        switch ending {
        case .killed:
            // At any moment, the start included.
            usleep(useconds_t(number) * 3000)
            for process in [record, live] { kill(process.identifier, SIGKILL) }
        case .signalled(let signal):
            try waitForRun(path)
            usleep(useconds_t(number % 7) * 5000)
            for process in [record, live] { kill(process.identifier, signal) }
        case .duration:
            break
        }
        let recorded = try record.finish()
        let shown = try live.finish()
        switch ending {
        case .killed: #expect(recorded.status == -SIGKILL && shown.status == -SIGKILL)
        case .duration: #expect(recorded.status == 0 && shown.status == 0)
        // live may be a little behind, and not yet listening.
        case .signalled(let signal): #expect(recorded.status == 0 && (shown.status == 0 || shown.status == -signal))
        }
        return try tail(of: path, ending)
    }

    private func tail(of path: String, _ ending: Ending) throws -> Int {
        // Killed before the run was there.
        if ending == .killed, access(path, F_OK) != 0 { return 0 }
        let run = try RecordedRun(path)
        #expect(run.intervals.tornLines == [] && run.histograms.tornLines == [])
        let tail = run.intervals.bytesBehindLastLine + run.histograms.bytesBehindLastLine
        #expect(ending == .killed || tail == 0)
        switch ending {
        case .killed: #expect(run.endReason == "running")
        case .signalled: #expect(run.endReason == "interrupted")
        case .duration: #expect(run.endReason == "finished")
        }
        return tail
    }

    private func waitForRun(_ path: String) throws {
        for _ in 0..<4000 {
            if access("\(path)/run.json", F_OK) == 0 { return }
            usleep(5_000)
        }
        Issue.record("\(path) did not appear in twenty seconds")
    }
}

/// What is loaded in the kernel: `prog 17`, `map 3`, `link 5`.
enum BPFObjects {
    private static let bpftool: String? = ["/usr/sbin/bpftool", "/usr/bin/bpftool", "/sbin/bpftool"].first {
        (path: String) -> Bool in access(path, X_OK) == 0
    }

    static var canBeListed: Bool {
        do { return try bpftool != nil && list("prog") != nil } catch { return false }
    }

    static func all() throws -> Set<String> {
        try ["prog", "map", "link"].reduce(into: []) { all, kind in all.formUnion(try #require(try list(kind))) }
    }

    /// What came since, belongs to no process, and does not go: the kernel frees a moment later.
    static func leftSince(_ before: Set<String>) throws -> [String] {
        var left = try all().subtracting(before)
        for _ in 0..<50 where !left.isEmpty {
            usleep(200_000)
            left.formIntersection(try all())
        }
        return left.sorted()
    }

    /// Objects of a kind that no process holds, as far as bpftool can tell that; nil where it fails.
    private static func list(_ kind: String) throws -> Set<String>? {
        guard let bpftool else { return nil }
        let result = try CommandProcess(executable: bpftool, ["-j", kind, "list"]).finish()
        guard result.status == 0 else { return nil }
        let objects = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
        let unheld = objects.filter { (($0["pids"] as? [Any]) ?? []).isEmpty }
        return Set(unheld.compactMap { object in (object["id"] as? Int).map { "\(kind) \($0)" } })
    }
}
