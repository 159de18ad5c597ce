import Foundation
import Testing

/// The command under test, built beside the tests.
let mountscope = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "mountscope").path

/// A command started in a process group of its own, its output kept.
struct CommandProcess {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
        let json: [String: Any]?

        func integer(_ name: String) -> Int? { json?[name] as? Int }

        /// The integers of one kind.
        func kind(_ name: String) -> [String: Int]? {
            let kinds = json?["kinds"] as? [String: [String: Any]]
            return kinds?[name]?.compactMapValues { $0 as? Int }
        }
    }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    var identifier: Int32 { process.processIdentifier }

    /// - Parameter environment: added to this process's.
    init(
        executable: String = mountscope, _ arguments: [String], environment: [String: String] = [:]
    ) throws {
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// Returns when the process has ended, with what it wrote.
    func finish() throws -> Result {
        let output = try self.output.fileHandleForReading.readToEnd() ?? Data()
        let errors = try self.errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        let isObject = output.first == UInt8(ascii: "{")
        return Result(
            status: status, output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self),
            json: isObject ? try JSONSerialization.jsonObject(with: output) as? [String: Any] : nil)
    }

    func waitUntilExit() {
        process.waitUntilExit()
    }

    /// Returns when every one of the load's threads has its name, and then a little later.
    func waitForWork(threads: Int) throws {
        for _ in 0..<1000 {
            if try workers() >= threads {
                usleep(50_000)
                return
            }
            usleep(5_000)
        }
        Issue.record("the load did not start its threads in five seconds")
    }

    /// Returns when the process waits in poll(2), as all commands do between two intervals.
    func waitUntilSleeping() throws {
        // poll and ppoll, by their numbers on x86-64 and arm64.
        let calls = ["7 ", "271 ", "73 "].map { Data($0.utf8) }
        for _ in 0..<4000 {
            let call = FileManager.default.contents(atPath: "/proc/\(identifier)/syscall") ?? Data()
            if calls.contains(where: { call.starts(with: $0) }) { return }
            usleep(5_000)
        }
        Issue.record("the process did not begin to wait in twenty seconds")
    }

    private func workers() throws -> Int {
        let tasks = "/proc/\(identifier)/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).filter { task in
            FileManager.default.contents(atPath: "\(tasks)/\(task)/comm")?.starts(with: Data("load-".utf8)) ?? false
        }.count
    }
}
