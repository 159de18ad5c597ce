import Contention
import Glibc
import JSON
import RecordingFixture
import SystemCalls
import Testing

@testable import Recording

/// Folders in which others can rename, link and replace while a run is written. What a race would do is done here between
/// two steps of the writer.
@Suite("A run in a folder of strangers") struct HostileFolderTests {
    private let temporary: TemporaryFolder
    private var path: String { "\(temporary.path)/run" }

    init() throws {
        temporary = try TemporaryFolder()
        mkdir("\(temporary.path)/victim", 0o755)
        try temporary.write("precious", to: "victim/run.json")
        try temporary.write("precious", to: "precious")
    }

    private func writer(force: Bool = false) throws -> RunWriter {
        try RunWriter(folder: RunFolder(path: path, force: force), description: SmallRun.description(10_000_000_000))
    }

    private func mode(_ name: String) throws -> mode_t {
        var status = stat()
        try retryingInterrupted { lstat("\(temporary.path)/\(name)", &status) }
        return status.st_mode & 0o7777
    }

    @Test("a folder renamed away and replaced by a link during the run leads nothing elsewhere, and its user is told")
    func exchangedByALink() throws {
        let writer = try writer()
        try writer.publish()
        rename(path, "\(temporary.path)/moved")
        symlink("\(temporary.path)/victim", path)
        let notice = try writer.close(.finished, command: nil)
        #expect(try temporary.read("victim/run.json") == "precious")
        #expect(temporary.names(in: "victim") == ["run.json"])
        #expect(
            try JSONValue.parse(readFile("\(temporary.path)/moved/run.json"))["end"]?["reason"]?.string == "finished")
        #expect(notice == "\"\(path)\" was moved or replaced during the run; the run is in \"\(temporary.path)/moved\"")
    }

    @Test("files that a rotated run begins later are made in the run's own folder, wherever that is")
    func rotationFollowsTheFolder() throws {
        var options = RunWriter.Options()
        options.rotation = .size(1)
        var run = SmallRun()
        for _ in 0..<2 { run.addInterval() }
        let writer = try RunWriter(
            folder: RunFolder(path: path, force: false), description: SmallRun.description(run.start), options: options)
        try writer.publish()
        try writer.append(run.intervals[0])
        rename(path, "\(temporary.path)/moved")
        symlink("\(temporary.path)/victim", path)
        try writer.append(run.intervals[1])
        try writer.close(.finished, command: nil)
        #expect(temporary.names(in: "victim") == ["run.json"])
        #expect(try RunReader("\(temporary.path)/moved").totals().intervals == 2)
    }

    @Test("a link in the place of the file in between is not written through")
    func linkInTheRun() throws {
        let writer = try writer()
        try writer.publish()
        symlink("\(temporary.path)/precious", "\(path)/run.json.new")
        symlink("\(temporary.path)/precious", "\(path)/.run.json.new")
        try writer.close(.finished, command: nil)
        #expect(try temporary.read("precious") == "precious")
        #expect(try RunReader(path).totals().intervals == 0)
    }

    @Test("the hidden folder exchanged before the run appears is an error that says where the run is")
    func hiddenFolderExchanged() throws {
        let writer = try writer()
        let hidden = try #require(temporary.names().first { $0.hasPrefix(".partial-") })
        rename("\(temporary.path)/\(hidden)", "\(temporary.path)/away")
        symlink("\(temporary.path)/victim", "\(temporary.path)/\(hidden)")
        #expect(throws: RunFolderError.self) { try writer.publish() }
        #expect(temporary.names(in: "victim") == ["run.json"])
        #expect(try temporary.read("victim/run.json") == "precious")
    }

    @Test("a run never takes the place of a folder that appeared meanwhile, even of an empty one")
    func appearsMeanwhile() throws {
        let writer = try writer()
        mkdir(path, 0o755)
        #expect(throws: RunFolderError.self) { try writer.publish() }
        #expect(temporary.names(in: "run") == [])
    }

    @Test(
        "force replaces a run through no link, and in no stranger's folder", .enabled(if: geteuid() == 0, "needs root"))
    func forceOnStrangers() throws {
        try writer().publish()
        rename(path, "\(temporary.path)/real")
        symlink("real", path)
        #expect(throws: RunFolderError.self) { try writer(force: true) }
        unlink(path)
        rename("\(temporary.path)/real", path)
        chown(path, 4711, 4711)
        #expect(throws: RunFolderError.strangers(path)) { try writer(force: true) }
        chown(path, 0, 0)
        _ = try writer(force: true)
    }

    @Test(
        "a path through a stranger's link is refused, one through a link of one's own is not",
        .enabled(if: geteuid() == 0, "needs root"))
    func linksOnTheWay() throws {
        symlink("victim", "\(temporary.path)/way")
        _ = try RunFolder(path: "\(temporary.path)/way/run", force: false)
        lchown("\(temporary.path)/way", 4711, 4711)
        do {
            _ = try RunFolder(path: "\(temporary.path)/way/run", force: false)
            Issue.record("a stranger's link was followed")
        } catch {
            #expect(error.message.hasSuffix("the path leads through a link of another user"))
        }
    }

    @Test("a pipe in the place of an older run's description does not make anybody wait")
    func pipe() throws {
        mkdir(path, 0o755)
        mkfifo("\(path)/run.json", 0o600)
        #expect(throws: RunFolderError.notARun(path)) { try writer(force: true) }
    }

    @Test("nobody but the owner can read a run, whatever the umask")
    func modes() throws {
        let before = umask(0)
        defer { umask(before) }
        let writer = try writer()
        try writer.publish()
        try writer.close(.finished, command: nil)
        #expect(try mode("run") == 0o700)
        for name in ["run.json", "intervals.csv", "hist.csv"] { #expect(try mode("run/\(name)") == 0o600) }
    }

    @Test("a run has no kernel address: its attach table has symbols and offsets")
    func addresses() throws {
        var description = SmallRun.description(10_000_000_000)
        description.attachTable.append(
            AttachRow(
                key: SeriesKey(.readRetries, site: "d_path"), mode: .exact, program: "kprobe",
                function: "prepend_path+0x54",
                address: 0xffff_ffff_8123_4567, required: false, reason: "", hint: ""))
        let writer = try RunWriter(folder: RunFolder(path: path, force: false), description: description)
        try writer.publish()
        let text = try temporary.read("run/run.json")
        #expect(!text.contains("ffffffff8"))
        #expect(text.contains("prepend_path+0x54"))
    }
}
