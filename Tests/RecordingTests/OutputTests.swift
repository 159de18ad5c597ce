import Contention
import Glibc
import RecordingFixture
import SystemCalls
import Testing

@testable import Recording

@Suite("Nothing that is read or belongs to others is written over") struct OutputTests {
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
        var run = SmallRun()
        run.addInterval()
        try run.write(to: "\(temporary.path)/run")
        try temporary.write("outside", to: "page.html")
    }

    private func path(_ name: String) -> String { "\(temporary.path)/\(name)" }

    private func check(_ name: String, reading runs: [String] = ["run"]) throws {
        try RunInputs(runs.map(path)).check(try TextDestination(path(name)))
    }

    @Test("a file of a run is refused, by its path, another path, a link and a hard link")
    func filesOfRuns() throws {
        symlink(path("run/hist.csv"), path("linked.html"))
        symlink(path("run"), path("folder"))
        link(path("run/intervals.csv"), path("hard.html"))
        let names = [
            "run/intervals.csv", "run/run.json", "run/../run/hist.csv", "folder/intervals.csv", "linked.html",
            "hard.html",
        ]
        for name in names { #expect(throws: OutputRefusal.self, "\(name)") { try check(name) } }
        try check("page.html")
        try check("new.html")
        try check("run/page.html")
    }

    @Test("so are the files of runs that are not read, and names that would become parts of one")
    func partsOfOtherRuns() throws {
        for name in ["run/intervals.csv", "run/intervals-2.csv", "run/hist-7.csv", "run/run.json"] {
            #expect(throws: OutputRefusal.self, "\(name)") { try check(name, reading: []) }
        }
        try check("intervals.csv", reading: [])
    }

    @Test("a recorder's textfile does not go into its run's folder, whether that is there or not")
    func textfileInTheRun() throws {
        symlink(path("run"), path("folder"))
        mkdir(path("later"), 0o755)
        for (file, run) in [
            ("run/m.prom", "run"), ("folder/m.prom", "run"), ("run/m.prom", "folder/"), ("later/m.prom", "later"),
            ("later/x.prom", "later/x.prom"),
        ] {
            #expect(throws: OutputRefusal.self, "\(file) in \(run)") {
                try RunInputs.check(try TextDestination(path(file)), outside: path(run))
            }
        }
        try RunInputs.check(try TextDestination(path("m.prom")), outside: path("run"))
        try RunInputs.check(.standardOutput, outside: path("run"))
    }

    @Test("the names of standard output are no files")
    func standardOutput() throws {
        for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            #expect(try TextDestination(name) == .standardOutput)
        }
        #expect(try TextDestination("./-") != .standardOutput)
    }

    @Test("a link stays, and the file that it leads to is replaced, whether it was there or not")
    func links() throws {
        mkdir(path("far"), 0o755)
        try temporary.write("old", to: "far/there.prom")
        symlink("far/there.prom", path("one.prom"))
        symlink(path("one.prom"), path("two.prom"))
        symlink("far/new.prom", path("dangling.prom"))
        try Textfile(path: path("two.prom")).replace(with: "text")
        try Textfile(path: path("dangling.prom")).replace(with: "other")
        for name in ["one.prom", "two.prom", "dangling.prom"] {
            var status = stat()
            #expect(lstat(path(name), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        }
        #expect(try temporary.read("far/there.prom") == "text")
        #expect(try temporary.read("far/new.prom") == "other")
        #expect(temporary.names(in: "far") == ["new.prom", "there.prom"])
    }

    @Test("a link to what is no regular file, a ring of links and a link of another user are refused")
    func refusedLinks() throws {
        symlink("/dev/null", path("device.prom"))
        symlink(path("ring.prom"), path("ring.prom"))
        mkfifo(path("pipe"), 0o600)
        symlink("pipe", path("pipe.prom"))
        var names = ["device.prom", "ring.prom", "pipe.prom", "pipe", "run"]
        if geteuid() == 0 {
            symlink(path("page.html"), path("planted.prom"))
            try #require(lchown(path("planted.prom"), 65_534, 65_534) == 0)
            names.append("planted.prom")
        }
        for name in names { #expect(throws: SystemFailure.self, "\(name)") { try Textfile(path: path(name)) } }
        #expect(try temporary.read("page.html") == "outside")
    }

    @Test("a textfile may be read by everybody, a page by those that the umask lets")
    func modes() throws {
        func mode(_ name: String) -> mode_t {
            var status = stat()
            return stat(path(name), &status) == 0 ? status.st_mode & 0o777 : 0
        }
        let before = umask(0o077)
        defer { umask(before) }
        try Textfile(path: path("m.prom"), isForEverybody: true).replace(with: "")
        try Textfile(path: path("page.html")).replace(with: "")
        #expect(mode("m.prom") == 0o644 && mode("page.html") == 0o600)
    }
}

@Suite("A textfile has one recorder") struct TextfileLockTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    private func file(_ name: String = "m.prom") throws -> Textfile { try Textfile(path: "\(temporary.path)/\(name)") }

    /// What a second recorder is told; empty where it gets the file.
    private func refusal(_ name: String) throws -> String {
        let file = try file(name)
        do throws(SystemFailure) {
            _ = try TextfileLock(file)
            return ""
        } catch {
            return error.message
        }
    }

    @Test("a second one is told who holds it, by a link too; another file is free; the lock goes with its holder")
    func second() throws {
        symlink("m.prom", "\(temporary.path)/link.prom")
        var lock: TextfileLock? = try TextfileLock(file())
        try withExtendedLifetime(lock) {
            for name in ["m.prom", "link.prom"] {
                #expect(try refusal(name).hasSuffix("\" is kept by another recorder: process \(getpid())"))
            }
            try file().replace(with: "replaced meanwhile")
            #expect(throws: SystemFailure.self) { try TextfileLock(file()) }
            _ = try TextfileLock(file("other.prom"))
        }
        lock = nil
        #expect(temporary.names() == ["link.prom", "m.prom"])
        _ = try TextfileLock(file())
    }

    @Test("what a killed recorder left is no obstacle, and what others planted is not written to")
    func leftAndPlanted() throws {
        try temporary.write("999999\nand more that nobody reads", to: ".m.prom.lock")
        _ = try TextfileLock(file())
        try temporary.write("precious", to: "victim")
        symlink("\(temporary.path)/victim", "\(temporary.path)/.m.prom.lock")
        #expect(throws: SystemFailure.self) { try TextfileLock(file()) }
        unlink("\(temporary.path)/.m.prom.lock")
        link("\(temporary.path)/victim", "\(temporary.path)/.m.prom.lock")
        #expect(throws: SystemFailure.self) { try TextfileLock(file()) }
        unlink("\(temporary.path)/.m.prom.lock")
        mkfifo("\(temporary.path)/.m.prom.lock", 0o600)
        #expect(throws: SystemFailure.self) { try TextfileLock(file()) }
        #expect(try temporary.read("victim") == "precious")
    }
}
