import Foundation
import RecordingFixture
import Testing

/// The Swift runtime can run a program of a certain name, which it finds beside the binary or in the environment, when
/// the process crashes. Another user could have put it there.
///
/// MOUNTSCOPE_BINARY names a binary to test in the place of the one beside the tests, a static one for example.
@Suite("No helper is found by path or environment") struct CrashHelperTests {
    // Not SIGABRT: the threads that run tests block it, and their children inherit that.
    private static let crashes = [SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV]
    private static let environments: [[String: String]] = [
        [:], ["SWIFT_BACKTRACE": "enable=yes,swift-backtrace=HELPER"], ["SWIFT_BACKTRACE": "enable=yes"],
        ["SWIFT_ROOT": "FOLDER"],
    ]

    @Test("a crash ends the process by its signal and runs nothing", arguments: crashes, environments)
    func crash(signal: Int32, environment: [String: String]) throws {
        try withPlantedHelper(environment) { process, marker in
            kill(process.identifier, signal)
            let status = try process.finish().status
            #expect(status == -signal)
            #expect(!FileManager.default.fileExists(atPath: marker))
        }
    }

    @Test("SIGQUIT ends the process as SIGTERM does and runs nothing", arguments: environments)
    func quit(environment: [String: String]) throws {
        try withPlantedHelper(environment) { process, marker in
            kill(process.identifier, SIGQUIT)
            let status = try process.finish().status
            #expect(status == 0)
            #expect(!FileManager.default.fileExists(atPath: marker))
        }
    }

    /// A replay that goes on for an hour, of a binary in a folder with helpers of all names that the runtime looks for.
    private func withPlantedHelper(
        _ environment: [String: String], _ body: (CommandProcess, String) throws -> Void
    ) throws {
        try withScratchFolder { folder in
            let binary = "\(folder)/mountscope"
            let marker = "\(folder)/marker"
            let source = ProcessInfo.processInfo.environment["MOUNTSCOPE_BINARY"] ?? mountscope
            try FileManager.default.copyItem(atPath: source, toPath: binary)
            for place in ["", "libexec/swift/", "libexec/swift/linux/", "libexec/swift/linux/x86_64/"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(place)", withIntermediateDirectories: true)
                for name in ["swift-backtrace", "swift-backtrace-static"] {
                    try Data("#!/bin/sh\nid >'\(marker)'\n".utf8).write(to: URL(filePath: "\(folder)/\(place)\(name)"))
                    chmod("\(folder)/\(place)\(name)", 0o755)
                }
            }
            var run = SmallRun()
            for _ in 0..<2 { run.addInterval() }
            try run.write(to: "\(folder)/run")
            let process = try CommandProcess(
                executable: binary, ["live", "--replay", "\(folder)/run", "--speed", "0.01"],
                environment: environment.mapValues {
                    $0.replacingOccurrences(of: "HELPER", with: "\(folder)/swift-backtrace")
                        .replacingOccurrences(of: "FOLDER", with: folder)
                })
            try process.waitUntilSleeping()
            try body(process, marker)
        }
    }
}
