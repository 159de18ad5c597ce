import Contention
import Glibc
import JSON
import SystemCalls
import Testing

@testable import Recording

@Suite struct RunFolderTests {
    private let temporary: TemporaryFolder
    private let world = World()

    init() throws { temporary = try TemporaryFolder() }

    private func writer(_ name: String, force: Bool = false) throws -> RunWriter {
        let folder = try RunFolder(path: "\(temporary.path)/\(name)", force: force)
        return try RunWriter(folder: folder, description: .example(world, plan: SamplingPlan(interval: 1_000_000_000)))
    }

    private func json(_ name: String) throws -> JSONValue {
        try JSONValue.parse(Array(try temporary.read("\(name)/run.json").utf8))
    }

    @Test("a new run appears whole and says that it runs")
    func aNewRunAppearsWholeAndSaysThatItRuns() throws {
        let writer = try writer("run")
        #expect(!temporary.names().contains("run"))
        try writer.publish()
        #expect(temporary.names() == ["run"])
        #expect(temporary.names(in: "run") == RunFolder.files.sorted())
        #expect(try json("run")["end"]?["reason"]?.string == "running")
    }

    @Test("a run that is never published leaves nothing")
    func aRunThatIsNeverPublishedLeavesNothing() throws {
        _ = try writer("run")
        #expect(temporary.names() == [])
    }

    @Test("an existing folder is not overwritten")
    func anExistingFolderIsNotOverwritten() throws {
        try writer("run").publish()
        #expect(throws: RunFolderError.exists("\(temporary.path)/run")) { try writer("run") }
        #expect(throws: RunFolderError.exists("\(temporary.path)/run")) { try writer("run/") }
    }

    @Test("force replaces a run and leaves other files alone")
    func forceReplacesARunAndLeavesOtherFilesAlone() throws {
        try writer("run").publish()
        try temporary.write("mine", to: "run/notes.txt")
        try temporary.write("old", to: "run/intervals.csv")
        try writer("run", force: true).publish()
        #expect(temporary.names(in: "run") == (RunFolder.files + ["notes.txt"]).sorted())
        #expect(try temporary.read("run/notes.txt") == "mine")
        #expect(try temporary.read("run/intervals.csv").hasPrefix("run_id,"))
    }

    @Test("force that fails before publishing leaves the old run")
    func forceThatFailsBeforePublishingLeavesTheOldRun() throws {
        try writer("run").publish()
        try temporary.write("old", to: "run/intervals.csv")
        _ = try writer("run", force: true)
        #expect(temporary.names(in: "run") == RunFolder.files.sorted())
        #expect(try temporary.read("run/intervals.csv") == "old")
    }

    @Test(
        "force replaces nothing but runs",
        arguments: [
            nil, "", "{", "[]", "{\"schema\": \"other\"}", "{\"schema\": 1}", "{\"schema\": \"mountscope.run\"",
        ])
    func forceReplacesNothingButRuns(content: String?) throws {
        mkdir("\(temporary.path)/run", 0o755)
        if let content { try temporary.write(content, to: "run/run.json") }
        #expect(throws: RunFolderError.notARun("\(temporary.path)/run")) { try writer("run", force: true) }
    }

    @Test("a file in the way is never replaced")
    func aFileInTheWayIsNeverReplaced() throws {
        try temporary.write("x", to: "run")
        #expect(throws: RunFolderError.exists("\(temporary.path)/run")) { try writer("run") }
        #expect(throws: RunFolderError.notARun("\(temporary.path)/run")) { try writer("run", force: true) }
        #expect(try temporary.read("run") == "x")
    }

    @Test("a folder that cannot be made is explained and leaves nothing")
    func aFolderThatCannotBeMadeIsExplainedAndLeavesNothing() throws {
        do {
            _ = try writer("no/run")
            Issue.record("made a folder out of nothing")
        } catch let error as RunFolderError {
            #expect(
                error.message == """
                    cannot create folder "\(temporary.path)/no/run": No such file or directory (errno 2)
                    """)
            #expect(error.hint == "create the folder above it first")
        }
        #expect(temporary.names() == [])
    }

    @Test("the end is written over the beginning")
    func theEndIsWrittenOverTheBeginning() throws {
        let writer = try writer("run")
        try writer.publish()
        try writer.close(.interrupted(.terminate), command: nil)
        let end = try #require(try json("run")["end"])
        #expect(end["reason"]?.string == "interrupted")
        #expect(end["signal"]?.string == "SIGTERM")
        #expect(end["intervals"]?.integer == 0)
        #expect(temporary.names(in: "run") == RunFolder.files.sorted())
    }

    @Test("the description says what the run is")
    func theDescriptionSaysWhatTheRunIs() throws {
        let plan = SamplingPlan(interval: 1_000_000_000, duration: nil)
        let text = try RunDescription.example(world, plan: plan, command: ["make", "-j2"]).json(
            RunClosing(
                end: .commandExited, command: .exited(status: 2), workload: nil, intervals: 4,
                monotonic: 14_000_000_000,
                realtime: 1_709_164_804_000_000_000,
                changes: [
                    ModeChanges.Change(
                        sequence: 3, keys: [SeriesKey(.readRetries, site: "d_path")], mode: .unavailable,
                        reason: "taken off")
                ])
        ).formatted
        #expect(text == expectedDescription)
    }
}

private let expectedDescription = """
    {
      "schema": "mountscope.run",
      "schema_version": 1,
      "schema_minor": 6,
      "tool_version": "1.2.3",
      "run_id": "00000000-0000-4000-8000-000000000000",
      "label": null,
      "host": {
        "hostname": "web7",
        "kernel_release": "6.12.107",
        "kernel_build": "",
        "architecture": "",
        "btf_fnv1a64": null,
        "boot_flags": "",
        "cpu_model": "",
        "cpus_possible": 3,
        "cpus_online": [0, 1],
        "cores": 0,
        "sockets": 0,
        "numa_nodes": 0,
        "topology": null,
        "mounts_in_namespace": 0,
        "mount_namespaces": null
      },
      "interval_ns": 1000000000,
      "duration_ns": null,
      "probing": {
        "attach": "auto",
        "budget_share": 0.01,
        "sample_hz": 499
      },
      "command": {
        "argv": ["make", "-j2"],
        "exit_status": 2,
        "signal": null
      },
      "workload": null,
      "start": {
        "time": "2024-02-29T00:00:00.000000000Z",
        "monotonic_ns": 10000000000,
        "realtime_ns": 1709164800000000000
      },
      "end": {
        "reason": "command_exited",
        "signal": null,
        "message": null,
        "intervals": 4,
        "time": "2024-02-29T00:00:04.000000000Z",
        "monotonic_ns": 14000000000,
        "realtime_ns": 1709164804000000000
      },
      "rows": "all",
      "files": [],
      "attach": [
        {
          "lock": "mount_lock",
          "metric": "read_retries",
          "site": "d_path",
          "mode": "estimated",
          "program": "kprobe",
          "function": "prepend_path+0x54",
          "address": null,
          "required": false,
          "reason": "an upper bound",
          "hint": ""
        }
      ],
      "changes": [
        {
          "seq": 3,
          "lock": "mount_lock",
          "metric": "read_retries",
          "site": "d_path",
          "mode": "unavailable",
          "reason": "taken off"
        }
      ],
      "unavailable": [],
      "unavailable_records": {
        "tasks": "nothing measures it",
        "scans": "nothing measures it",
        "blame": "nothing measures it",
        "namespaces": "nothing measures it"
      },
      "impossible_rows": 0,
      "findings": [],
      "crc32": "00000000"
    }
    """
