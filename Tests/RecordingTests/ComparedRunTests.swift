import Contention
import Glibc
import JSON
import SystemCalls
import Testing

@testable import Recording

@Suite struct ComparedRunTests {
    private let folder: TemporaryFolder
    private let world = World()

    init() throws { folder = try TemporaryFolder() }

    /// A run of two seconds with a command.
    private func record(
        _ name: String, workload: JSONValue? = nil, end: CommandEnd = .exited(status: 0)
    ) throws -> ComparedRun {
        let command = FakeCommand()
        command.said = workload
        world.news = [(world.now + 2_000_000_000, .childChanged, { command.end = end })]
        let plan = SamplingPlan(interval: 1_000_000_000)
        let path = "\(folder.path)/\(name)"
        let description = try RunDescription.example(world, plan: plan, command: ["/opt/bin/work", "hard"])
        let writer = try RunWriter(folder: RunFolder(path: path, force: false), description: description)
        let loop = try SamplingLoop(source: world, waiter: world, plan: plan)
        var engine = RecordEngine(source: loop, sinks: [writer], command: command, observer: QuietObserver())
        _ = try engine.run()
        return try ComparedRun(path: path)
    }

    @Test("a run's totals are those that were recorded, and its load is known")
    func totals() throws {
        let load = try JSONValue.parse(
            Array(#"{"mounts_in_namespace": 25, "kinds": {"stat": {"operations": 70}, "odd": {"threads": 1}}}"#.utf8))
        let run = try record("run", workload: load)
        #expect(run.json["workload"] == load)
        #expect(run.facts.workload == WorkloadCounts(operations: ["stat": 70], mounts: 25))
        #expect(run.facts.totals[SeriesKey(.writeSections)] == RunTotal(mode: .exact, count: 2000, lost: 0))
        let walk = SeriesKey(.readRetries, site: "walk")
        #expect(run.facts.totals[walk]?.count == 3000)
        #expect(run.facts.totals[SeriesKey(.writeDuty)]?.whole == 2000)
        #expect(run.facts.flaw == nil)
        #expect(run.facts.conditions[.command] == "work hard")
        #expect(run.facts.conditions[.onlineCPUs] == "0 1")
    }

    @Test("when a run was, how long it lasted and how it was probed is known")
    func conditions() throws {
        let facts = try record("run").facts
        #expect(facts.start == world.start && facts.elapsed == 2_000_000_000)
        #expect(facts.cpus == 2 && facts.hasCommand)
        #expect(facts.conditions[.attach] == "auto" && facts.conditions[.budget] == "on")
        #expect(facts.conditions[.sampleRate] == "499" && facts.conditions[.interval] == "1000000000 ns")
    }

    @Test(
        "a number of operations that is none is an error with its file and member",
        arguments: [
            (#"{"kinds": {"bind": {"operations": 900.0}}}"#, "workload.kinds.bind.operations is 900.0"),
            (#"{"kinds": {"bind": {"operations": -1}}}"#, "workload.kinds.bind.operations is -1"),
            (#"{"kinds": {"bind": {"operations": "many"}}}"#, #"workload.kinds.bind.operations is "many""#),
            (
                #"{"kinds": {"a": {"operations": "9223372036854775808"}, "b": {"operations": "9223372036854775808"}}}"#,
                "workload.kinds.b.operations is 9223372036854775808: more than 64 bits hold"
            ),
            (#"{"kinds": {}, "mounts_in_namespace": 1.5}"#, "workload.mounts_in_namespace is 1.5"),
        ])
    func noOperations(workload: String, message: String) throws {
        do {
            _ = try record("run", workload: try JSONValue.parse(Array(workload.utf8)))
            Issue.record("it took it")
        } catch let error as RunReadError {
            #expect(error.message.contains("run/run.json"), "\(error.message)")
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    @Test("a run whose command fails is flawed, one that is still running too")
    func flaws() throws {
        #expect(
            try record("failed", end: .exited(status: 3)).facts.flaw == "had a command that exited with status 3")
        #expect(
            try record("killed", end: .killed(signal: SIGKILL)).facts.flaw == "had a command that was ended by signal 9"
        )
        let description = try RunDescription.example(world, plan: SamplingPlan(interval: 1_000_000_000))
        let writer = try RunWriter(
            folder: RunFolder(path: "\(folder.path)/open", force: false), description: description)
        try writer.publish()
        #expect(try ComparedRun(path: "\(folder.path)/open").facts.flaw == "was cut short")
    }

    @Test("boot flags are alike when only the words that name the kernel differ")
    func bootFlags() throws {
        var description = try RunDescription.example(world, plan: SamplingPlan(interval: 1_000_000_000))
        description.host.bootFlags = "BOOT_IMAGE=/boot/vmlinuz-6.1 root=/dev/vda1 quiet initrd=/boot/x"
        #expect(ComparedRun.conditions(description)[.bootFlags] == "root=/dev/vda1 quiet")
    }

    @Test("a command leaves what it did in the place its environment names, and only there")
    func slot() throws {
        let child = try ChildProcess(["sh", "-c", "printf '{\"kinds\": {}}' >\"$MOUNTSCOPE_WORKLOAD\""])
        try child.start()
        while try child.poll() == nil { usleep(5000) }
        #expect(try child.workload() == .object([JSONMember("kinds", .object([JSONMember]()))]))
        for noReport in ["true", "printf 12 >\"$MOUNTSCOPE_WORKLOAD\"", "printf '{' >\"$MOUNTSCOPE_WORKLOAD\""] {
            let child = try ChildProcess(["sh", "-c", noReport])
            try child.start()
            while try child.poll() == nil { usleep(5000) }
            #expect(try child.workload() == nil)
        }
    }
}
