import ArgumentParser
import Recording
import Testing

@testable import MountscopeCommands

@Suite struct DurationArgumentTests {
    @Test(
        "a duration is a number and a unit",
        arguments: [
            ("2", 2_000_000_000), ("2s", 2_000_000_000), ("500ms", 500_000_000), ("250us", 250_000),
            ("5m", 300_000_000_000),
            ("5min", 300_000_000_000), ("1h", 3_600_000_000_000), ("0.5", 500_000_000), ("1.5s", 1_500_000_000),
            ("0.000001s", 1_000), ("1.0000000009s", 1_000_000_000), ("0.1h", 360_000_000_000),
            ("365.0", 365_000_000_000),
            ("8760h", 31_536_000_000_000_000),
        ] as [(String, UInt64)])
    func aDurationIsANumberAndAUnit(text: String, nanoseconds: UInt64) throws {
        #expect(try DurationArgument.parse(text).nanoseconds == nanoseconds)
        #expect(try DurationArgument.parse(text).description == text)
    }

    @Test(
        "nonsense is a usage error",
        arguments: [
            "", " ", "s", "ms", "0", "0s", "0.0", "0.0000000001s", "-1", "-1s", "+1", "1x", "1 s", " 1s", "1s ", "1s1",
            "1.s",
            ".5", ".", "1..5", "1.5.5", "1e3", "0x10", "nan", "inf", "∞", "٣s", "½", "9999999h", "99999999999999999999",
            "18446744073709551616", "18446744073.709551616", "8761h", "1S", "1MS", "--", "1,5",
        ])
    func nonsenseIsAUsageError(text: String) {
        #expect(throws: ValidationError.self) { try DurationArgument.parse(text) }
    }

    @Test("an interval is ten milliseconds at least")
    func anIntervalIsTenMillisecondsAtLeast() throws {
        #expect(try DurationArgument.parseInterval("10ms").nanoseconds == 10_000_000)
        #expect(throws: ValidationError.self) { try DurationArgument.parseInterval("9.999ms") }
    }
}

@Suite struct CommandLineTests {
    @Test("options become values")
    func optionsBecomeValues() throws {
        let live = try #require(try Mountscope.parseAsRoot(["live", "-i", "250ms", "-d", "1m"]) as? LiveCommand)
        #expect(live.interval?.nanoseconds == 250_000_000)
        #expect(live.duration?.nanoseconds == 60_000_000_000)
    }

    @Test("everything after the dashes is the command")
    func everythingAfterTheDashesIsTheCommand() throws {
        let record = try #require(
            try Mountscope.parseAsRoot(["record", "-o", "run", "--force", "--", "make", "-d", "--", "-o"])
                as? RecordCommand)
        #expect(record.targets.output == "run")
        #expect(record.targets.force)
        #expect(record.duration == nil)
        #expect(record.command == ["make", "-d", "--", "-o"])
    }

    @Test("a textfile alone is a target")
    func aTextfileAloneIsATarget() throws {
        let record = try #require(
            try Mountscope.parseAsRoot(["record", "--textfile", "m.prom", "--textfile-format", "openmetrics"])
                as? RecordCommand)
        #expect(record.targets.output == nil)
        #expect(record.targets.textfile == "m.prom")
        #expect(record.targets.textfileFormat == .openmetrics)
    }

    @Test("facilities can be withheld more than once")
    func facilitiesCanBeWithheldMoreThanOnce() throws {
        let probe = try #require(
            try Mountscope.parseAsRoot(["probe", "--without", "kprobes", "--without", "tracing"]) as? ProbeCommand)
        #expect(probe.probe.options.withholding == [.kprobes, .tracing])
    }

    @Test(
        "a wrong command line exits with 64",
        arguments: [
            ["nonsense"], ["live", "extra"], ["live", "-i", "0"], ["live", "-i", "-1s"], ["live", "-i", "5ms"],
            ["live", "-d", "soon"], ["live", "-d"], ["record"], ["record", "-o"], ["record", "-o", "run", "make"],
            ["record", "--textfile-format", "xml"],
            ["record", "-o", "run", "-d", "0"], ["probe", "--format", "xml"], ["probe", "--without", "everything"],
        ])
    func aWrongCommandLineExitsWith64(arguments: [String]) {
        do {
            _ = try Mountscope.parseAsRoot(arguments)
            Issue.record("accepted")
        } catch {
            #expect(Mountscope.exitCode(for: error).rawValue == ExitCodes.usage)
        }
    }
}

@Suite struct RotationArgumentTests {
    @Test("a limit is a size or a time")
    func aLimitIsASizeOrATime() throws {
        #expect(try RotationArgument.parse("512MiB") == .size(512 << 20))
        #expect(try RotationArgument.parse("1GB") == .size(1_000_000_000))
        #expect(try RotationArgument.parse("1h") == .time(3_600_000_000_000))
        #expect(try RotationArgument.parse("90") == .time(90_000_000_000))
    }

    @Test(
        "a limit that is nonsense or too small is a usage error",
        arguments: ["", "0", "10ms", "1KiB", "-1GiB", "MiB", "1.5GiB", "99999999999TiB", "1 GiB", "1mib", "1B"])
    func aLimitThatIsNonsenseOrTooSmallIsAUsageError(text: String) {
        #expect(throws: ValidationError.self) { try RotationArgument.parse(text) }
    }

    @Test("rotating needs a folder, and speed a replay")
    func rotatingNeedsAFolderAndSpeedAReplay() {
        for arguments in [
            ["record", "--textfile", "m.prom", "--rotate", "1h"], ["record", "--textfile", "m.prom", "--sparse"],
            ["live", "--speed", "2"], ["live", "--replay", "run", "-d", "5s"],
            ["live", "--replay", "run", "--speed", "0"],
            ["report"],
        ] {
            do {
                _ = try Mountscope.parseAsRoot(arguments)
                Issue.record("took \(arguments)")
            } catch { #expect(Mountscope.exitCode(for: error).rawValue == 64) }
        }
    }
}
