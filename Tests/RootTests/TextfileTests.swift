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
            #expect(lines.contains("mountscope_mount_lock_write_sections_total{recorder=\"m\"} \(sections)"))
            #expect(lines.contains("mountscope_recording{recorder=\"m\"} 0"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["m.prom", "run"])
        }
    }

    @Test("a textfile that leads to a device is refused, and the device stays")
    func textfileThatIsADevice() throws {
        try withScratchFolder { folder in
            symlink("/dev/null", "\(folder)/m.prom")
            let result = try CommandProcess(["record", "--textfile", "\(folder)/m.prom", "-d", "50ms"]).finish()
            #expect(result.status == 1)
            #expect(result.errors.contains("it is no regular file"))
            var status = stat()
            #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        }
    }

    @Test("a textfile on standard output is the same text, an exposition for each interval and one at each end")
    func textfileOnStandardOutput() throws {
        let result = try CommandProcess(["record", "--textfile", "/dev/stdout", "-i", "50ms", "-d", "100ms"]).finish()
        try #require(result.status == 0, "\(result.errors)")
        #expect(result.output.components(separatedBy: "# TYPE mountscope_recording gauge").count == 5)
        #expect(result.output.contains("mountscope_recording{recorder=\"stdout\"} 0\n"))
    }

    @Test("a second recorder to the same file ends with 1 and says who holds it")
    func secondRecorder() throws {
        try withScratchFolder { folder in
            let first = try CommandProcess(["record", "--textfile", "\(folder)/m.prom", "-i", "50ms"])
            while !FileManager.default.fileExists(atPath: "\(folder)/m.prom") { usleep(10_000) }
            let second = try CommandProcess(["record", "--textfile", "\(folder)/m.prom", "-d", "50ms"]).finish()
            kill(first.identifier, SIGINT)
            #expect(try first.finish().status == 0)
            #expect(second.status == 1 && second.errors.contains("is kept by another recorder: process "))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.prom"])
        }
    }
}
