import Contention
import Glibc
import JSON
import SystemCalls
import Testing

@testable import Recording

@Suite struct RecordEngineTests {
    private let temporary: TemporaryFolder
    private let world = World()
    private let command = FakeCommand()
    private let observer = QuietObserver()
    private let second: UInt64 = 1_000_000_000
    private var start: UInt64 { 10 * second }

    init() throws { temporary = try TemporaryFolder() }

    private func engine(duration: UInt64? = nil, command: FakeCommand? = nil) throws -> RecordEngine {
        let plan = SamplingPlan(interval: second, duration: duration)
        let loop = try SamplingLoop(source: world, waiter: world, plan: plan)
        let description = try RunDescription.example(world, plan: plan, command: command == nil ? [] : ["work"])
        let writer = try RunWriter(
            folder: RunFolder(path: "\(temporary.path)/run", force: false), description: description)
        return RecordEngine(source: loop, sinks: [writer], command: command, observer: observer)
    }

    private func json() throws -> JSONValue { try JSONValue.parse(Array(try temporary.read("run/run.json").utf8)) }

    private func sections() throws -> [String] {
        try temporary.read("run/intervals.csv").split(separator: "\n").filter { $0.contains(",write_sections,") }
            .map { $0.split(separator: ",", omittingEmptySubsequences: false)[10] }.map(String.init)
    }

    @Test("the duration ends a run")
    func theDurationEndsARun() throws {
        var engine = try engine(duration: 2_500_000_000)
        let outcome = try engine.run()
        #expect(outcome == RecordOutcome(end: .finished, command: nil, intervals: 3, elapsed: 2_500_000_000))
        #expect(try sections() == ["1000", "1000", "500"])
        #expect(try json()["end"]?["reason"]?.string == "finished")
        #expect(try json()["end"]?["intervals"]?.integer == 3)
        #expect(observer.intervals.map(\.sequence) == [1, 2, 3])
    }

    @Test("what a run shows is in run.json and in its outcome, and rows that went back are told and left out")
    func whatARunShowsIsInItsOutcome() throws {
        world.records = { milliseconds in
            var snapshot = RecordSnapshot()
            if milliseconds == 0 {
                snapshot.newActors = [
                    ActorRow(number: 1, process: 7, command: "kubelet", container: "kubelet.service", firstSequence: 1)
                ]
            }
            var scan = ScanRow(
                ScanRow.Key(actor: 1, table: .mountinfo, namespace: MountNamespace(id: 1, inode: 2)))
            (scan.complete, scan.redundant, scan.abandoned) = (milliseconds / 100, milliseconds / 100, 0)
            (scan.pages, scan.hold) = (milliseconds / 10, 1_000 * milliseconds)
            snapshot.scans = [scan]
            let key = TaskRow.Key(actor: 1, series: SeriesKey(.readRetries, site: "walk"))
            snapshot.tasks = [TaskRow(key, count: milliseconds == 2_000 ? 0 : 7)]
            return snapshot
        }
        var engine = try engine(duration: 2_500_000_000)
        let outcome = try engine.run()
        #expect(outcome.findings.map(\.kind) == [.blindRereader])
        #expect(outcome.findings.first?.cost == 2_500_000)
        let recorded = try #require(try json()["findings"]?.elements?.first)
        #expect(recorded["kind"]?.string == "blind_rereader")
        #expect(recorded["value"] == .number(25))
        #expect(recorded["cost_ns"]?.integer == 2_500_000)
        #expect(recorded["sentence"]?.string?.hasPrefix("kubelet in kubelet.service read mountinfo 25 times") == true)
        #expect(observer.notices == ["1 rows by actor went back, which none can: they were left out"])
        #expect(try json()["impossible_rows"]?.integer == 1)
        // From 0 to 7 again: that the rows after it are right, nobody knows; that one was left out stands in the run.
        let reader = try RunReader("\(temporary.path)/run")
        #expect(try reader.passedOver().first?.hasPrefix("1 rows by actor went back") == true)
        #expect(try reader.records(3).scans.values.first?.complete == 25)
    }

    @Test("Ctrl-C ends a run with what it has")
    func ctrlCEndsARunWithWhatItHas() throws {
        world.news = [(start + 1_300_000_000, .stop(.interrupt, fromTerminal: true), {})]
        var engine = try engine()
        #expect(try engine.run().end == .interrupted(.interrupt))
        #expect(try sections() == ["1000", "300"])
        #expect(try json()["end"]?["signal"]?.string == "SIGINT")
        #expect(try json()["command"] == .null)
    }

    @Test("the run lasts as long as its command")
    func theRunLastsAsLongAsItsCommand() throws {
        world.news = [
            (start + 100_000_000, .childChanged, {}),
            (start + 2_200_000_000, .childChanged, { [command] in command.end = .exited(status: 3) }),
        ]
        var engine = try engine(command: command)
        let outcome = try engine.run()
        #expect(outcome.end == .commandExited)
        #expect(outcome.command == .exited(status: 3))
        #expect(try sections() == ["1000", "1000", "200"])
        #expect(try json()["command"]?["exit_status"]?.integer == 3)
        #expect(command.signals == [])
    }

    @Test("a command that outlives the duration is asked to end")
    func aCommandThatOutlivesTheDurationIsAskedToEnd() throws {
        command.onSignal = { [command, world] signal in
            world.news = [(world.now + 400_000_000, .childChanged, { command.end = .killed(signal: signal) })]
        }
        var engine = try engine(duration: 1_500_000_000, command: command)
        let outcome = try engine.run()
        #expect(outcome.end == .finished)
        #expect(command.signals == [SIGTERM])
        #expect(try sections() == ["1000", "900"])
        #expect(try json()["command"]?["signal"]?.integer == Int64(SIGTERM))
        #expect(try json()["command"]?["exit_status"] == .null)
    }

    @Test("Ctrl-C waits for the command that got it too")
    func ctrlCWaitsForTheCommandThatGotItToo() throws {
        world.news = [
            (start + 100, .stop(.interrupt, fromTerminal: true), {}),
            (start + 1_000, .childChanged, { [command] in command.end = .killed(signal: SIGINT) }),
        ]
        var engine = try engine(command: command)
        #expect(try engine.run().end == .interrupted(.interrupt))
        #expect(command.signals == [])
        #expect(observer.notices == ["waiting for the command to end"])
    }

    @Test("a signal to us alone is passed on, and insisting kills")
    func aSignalToUsAloneIsPassedOnAndInsistingKills() throws {
        world.news = [
            (start + 1, .stop(.hangUp, fromTerminal: false), {}),
            (start + 2, .stop(.terminate, fromTerminal: false), {}),
            (start + 3, .stop(.interrupt, fromTerminal: true), {}),
            (start + 4, .childChanged, { [command] in command.end = .killed(signal: SIGKILL) }),
        ]
        var engine = try engine(command: command)
        #expect(try engine.run().end == .interrupted(.hangUp))
        #expect(command.signals == [SIGHUP, SIGTERM, SIGKILL])
    }

    @Test("a command that cannot be started leaves nothing")
    func aCommandThatCannotBeStartedLeavesNothing() throws {
        command.startFails = SystemFailure("cannot run \"work\"", Errno(ENOEXEC))
        #expect(throws: SystemFailure.self) {
            var engine = try engine(command: command)
            _ = try engine.run()
        }
        #expect(temporary.names() == [])
    }

    @Test("a source that fails makes a failed run with good rows")
    func aSourceThatFailsMakesAFailedRunWithGoodRows() throws {
        let failure = SystemFailure(message: "the probes are gone")
        world.news = [(start + 1_500_000_000, .windowChanged, { [world] in world.readingFails = failure })]
        var engine = try engine(command: command)
        #expect(throws: failure) { try engine.run() }
        #expect(try sections() == ["1000"])
        #expect(try json()["end"]?["reason"]?.string == "failed")
        #expect(try json()["end"]?["message"]?.string == "the probes are gone")
        #expect(command.signals == [SIGTERM])
    }

    @Test("the first snapshot is taken before the command starts")
    func theFirstSnapshotIsTakenBeforeTheCommandStarts() throws {
        var engine = try engine(duration: second, command: command)
        #expect(world.snapshots > 0)
        #expect(!command.isStarted)
        world.news = [(start + 1, .childChanged, { [command] in command.end = .exited(status: 0) })]
        _ = try engine.run()
        #expect(command.isStarted)
    }
}
