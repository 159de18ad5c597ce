import Contention
import Glibc
import JSON
import SystemCalls
import Testing

@testable import Recording

@Suite struct VersusTests {
    private let folder: TemporaryFolder
    private let world = World()
    private let observer = QuietVersusObserver()

    init() throws { folder = try TemporaryFolder() }

    /// Commands that take two seconds, or three where they are called `new`.
    private func engine(
        _ order: [Bool], warmups: Int = 0, prepare: String? = nil, ignoresFailure: Bool = false, keeps: Bool = true,
        ends: @escaping (_ text: String, _ number: Int) -> CommandEnd? = { _, _ in .exited(status: 0) },
        started: @escaping (String) -> Void = { _ in }
    ) throws -> VersusEngine {
        let plan = VersusPlan(
            old: "old", new: "new", warmups: warmups, prepare: prepare, ignoresFailure: ignoresFailure, order: order)
        let names = plan.numbered.map { VersusPlan.name($0.side, $0.number) }
        let place = keeps ? try VersusFolder("\(folder.path)/runs", names) : nil
        let world = world
        var number = 0
        let parts = VersusEngine.Parts(
            command: { text in
                number += 1
                started(text)
                let command = FakeCommand()
                let end = ends(text, number)
                let length: UInt64 = text == "new" ? 3_000_000_000 : 2_000_000_000
                world.news = [
                    end == nil
                        ? (
                            world.now + length, .stop(.interrupt, fromTerminal: true),
                            { command.end = .killed(signal: SIGINT) }
                        )
                        : (world.now + length, .childChanged, { command.end = end })
                ]
                if end == nil { world.news.append((world.now + length, .childChanged, {})) }
                return command
            },
            description: { side, first in
                var description = try RunDescription.example(
                    world, plan: SamplingPlan(interval: VersusEngine.interval),
                    command: VersusPlan.shell(plan.command(side)))
                description.id = try RunIdentifier.random()
                description.label = side.rawValue
                description.startMonotonic = first.monotonic
                description.startRealtime = first.realtime
                return description
            }, folder: place)
        return VersusEngine(plan, parts, source: world, waiter: world, observer: observer)
    }

    private let mixed = [false, true, true, false]

    @Test("runs are made in their order, warm-ups and --prepare before them, and only runs are kept")
    func order() throws {
        var started: [String] = []
        let result = try engine(mixed, warmups: 1, prepare: "before", started: { started.append($0) }).run(
            keptIn: "\(folder.path)/runs")
        #expect(
            started == [
                "before", "old", "before", "new", "before", "old", "before", "new", "before", "new", "before", "old",
            ])
        #expect(folder.names(in: "runs") == ["new-1", "new-2", "old-1", "old-2"])
        #expect(result.old.map(\.name) == ["old-1", "old-2"].map { "\(folder.path)/runs/\($0)" })
        #expect(
            observer.begun.map(\.what) == [
                "warm-up 1 of old", "warm-up 1 of new", "run 1 of 4 (old)", "run 2 of 4 (new)", "run 3 of 4 (new)",
                "run 4 of 4 (old)",
            ])
        #expect(observer.begun.map(\.done) == [0, 0, 0, 1, 2, 3])
    }

    @Test("what is compared is what the folders have")
    func sameAsFolders() throws {
        let result = try engine(mixed).run(keptIn: "\(folder.path)/runs")
        for run in result.old + result.new {
            let read = try ComparedRun(path: run.name)
            #expect(read.facts.totals == run.totals)
            #expect(read.facts.conditions == run.conditions)
            #expect(read.facts.start == run.start && read.facts.elapsed == run.elapsed && read.facts.cpus == run.cpus)
            #expect(read.facts.hasCommand && run.hasCommand && read.facts.flaw == nil && run.flaw == nil)
            #expect(read.facts.id == run.id && read.facts.mounts == run.mounts)
        }
        // A thousand sections a second.
        #expect(result.old.map { $0.totals[SeriesKey(.writeSections)]?.count } == [2000, 2000])
        #expect(result.new.map { $0.totals[SeriesKey(.writeSections)]?.count } == [3000, 3000])
    }

    @Test("without a folder nothing is kept, and the numbers are the same")
    func noFolder() throws {
        let result = try engine(mixed, keeps: false).run(keptIn: nil)
        #expect(result.new.map { $0.totals[SeriesKey(.writeSections)]?.count } == [3000, 3000])
        #expect(result.new.map(\.name) == ["new-1", "new-2"])
        #expect(folder.names().isEmpty)
    }

    @Test("a command that fails ends it, with the run, the status and what is kept", arguments: [false, true])
    func failure(ignores: Bool) throws {
        let engine = try engine(
            mixed, ignoresFailure: ignores, ends: { _, number in .exited(status: number == 3 ? 7 : 0) })
        guard !ignores else {
            #expect(try engine.run(keptIn: nil).new.count == 2)
            return
        }
        let ended = try failed(engine)
        #expect(
            ended.message.hasPrefix(
                "the command of new, in run 3 of 4 (new), exited with status 7; whole runs"))
        #expect(ended.message.hasSuffix("kept in \"\(folder.path)/runs\": 2 of 4"))
        #expect(ended.hint.contains("--ignore-failure"))
    }

    @Test("a warm-up or a --prepare that fails ends it before any run")
    func earlyFailure() throws {
        let warmup = try failed(try engine(mixed, warmups: 1, ends: { _, _ in .killed(signal: 9) }))
        #expect(
            warmup.message.hasPrefix("the command of old, in its warm-up 1 of old, was ended by signal 9; whole runs")
        )
        let prepare = try failed(
            try engine(
                mixed, prepare: "before", keeps: false, ends: { text, _ in .exited(status: text == "before" ? 1 : 0) }))
        #expect(
            prepare.message
                == "the command of --prepare, before run 1 of 4 (old), exited with status 1; whole runs kept in \"\(folder.path)/runs\": 0 of 4"
        )
    }

    @Test("Ctrl-C ends it with the run in which it came, and says what is kept")
    func interruption() throws {
        let ended = try failed(try engine(mixed, ends: { _, number in number == 4 ? nil : .exited(status: 0) }))
        #expect(
            ended.message
                == "interrupted by SIGINT in run 4 of 4 (old); whole runs kept in \"\(folder.path)/runs\": 3 of 4"
        )
        #expect(ended.hint.contains("mountscope compare"))
        // What was cut short says so, and compare refuses it.
        #expect(try ComparedRun(path: "\(folder.path)/runs/old-2").facts.flaw == "was interrupted by SIGINT")
        #expect(try ComparedRun(path: "\(folder.path)/runs/old-1").facts.flaw == nil)
    }

    @Test("a folder that has such a run is not touched, and nothing is started")
    func takenFolder() throws {
        _ = try engine(mixed).run(keptIn: nil)
        #expect(throws: RunFolderError.exists("\(folder.path)/runs/old-1")) { try engine(mixed) }
    }

    private func failed(_ engine: VersusEngine) throws -> VersusEnded {
        do {
            _ = try engine.run(keptIn: "\(folder.path)/runs")
        } catch let error as VersusEnded {
            return error
        }
        throw SystemFailure(message: "it did not end early", hint: "")
    }

    @Test("a program apart reads nothing, writes nowhere, and ends with all it started")
    func apart() throws {
        let file = "\(folder.path)/pids"
        let script = "cat; echo loud; echo louder >&2; sleep 60 & echo $! >\(file); wait"
        let child = try ChildProcess(VersusPlan.shell(script), .apart(showsOutput: false))
        #expect(!child.hearsTerminal)
        try child.start()
        var text = ""
        for _ in 0..<1000 where text.isEmpty {
            usleep(5000)
            if folder.names() == ["pids"] { text = try folder.read("pids") }
        }
        let sleeper = try #require(pid_t(text.split(separator: "\n").first.map(String.init) ?? ""))
        #expect(kill(sleeper, 0) == 0)
        // A shell's background ignores it.
        child.send(SIGINT)
        while try child.poll() == nil { usleep(5000) }
        // Gone, or not yet reaped by whoever got it.
        for _ in 0..<1000 where isAlive(sleeper) { usleep(5000) }
        #expect(!isAlive(sleeper))
    }

    private func isAlive(_ process: pid_t) -> Bool {
        guard kill(process, 0) == 0, let text = try? readText("/proc/\(process)/stat") else { return false }
        return !text.contains(") Z ")
    }
}

final class QuietVersusObserver: VersusObserver {
    var begun: [(what: String, done: Int)] = []

    func begins(_ what: String, done: Int) { begun.append((what, done)) }

    func notice(_ text: String) {}
}
