import Foundation
import Testing

/// What Prometheus gets is what the CSV of the same run has.
extension OnThisKernel.WriteSectionTests {
    @Test("a textfile ends with the sum of the run's intervals, and says that it ended")
    func textfile() throws {
        try withScratchFolder { folder in
            let load = [mountscope, "load", "remount", "-n", "500"]
            let result = try CommandProcess(
                ["record", "-o", "\(folder)/run", "--textfile", "\(folder)/m.prom", "-i", "50ms", "--"] + load
            ).finish()
            try #require(result.status == 0, "\(result.errors)")
            let sections = try RecordedRun("\(folder)/run").total("mount_lock.write_sections[]")
            let lines = try String(contentsOfFile: "\(folder)/m.prom", encoding: .utf8).split(separator: "\n")
            #expect(lines.contains("mountscope_mount_lock_write_sections_total \(sections)"))
            #expect(lines.contains("mountscope_recording 0"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["m.prom", "run"])
        }
    }

    @Test("a textfile that is a device is refused, and the device stays")
    func textfileThatIsADevice() throws {
        let result = try CommandProcess(["record", "--textfile", "/dev/null", "-d", "50ms"]).finish()
        #expect(result.status == 1)
        #expect(result.errors.contains("\"/dev/null\": it is no regular file"))
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }
}
