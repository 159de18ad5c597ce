import Foundation
import Testing

/// Write sections of a load, without those of its set-up, are a fixed number for each operation.
extension OnThisKernel.WriteSectionTests {
    /// One on 6.1 to 7.3, two on 5.10.
    static let eachRemount = release >= (5, 12) ? 1 : 2

    /// Five on 5.10 to 6.12, four on 6.18 to 7.3: copying a mount became an exclusive reader's section.
    static let eachBind = release >= (6, 18) ? 4...4 : release > (6, 12) ? 4...5 : 5...5

    @Test("a remount is exactly one section, or two before 5.12")
    func remount() throws {
        try withScratchFolder { folder in
            try expectSections("remount", 2000, in: folder, each: Self.eachRemount...Self.eachRemount)
        }
    }

    @Test(
        "a bind mount and its umount are exactly four sections, or five",
        .disabled(if: isRealTime, "PREEMPT_RT has other numbers"))
    func bind() throws {
        try withScratchFolder { try expectSections("bind", 30, in: $0, each: Self.eachBind) }
    }

    @Test("what mounts nothing is no section", arguments: ["stat", "open", "dotdot", "getcwd", "mountinfo"])
    func readers(scenario: String) throws {
        try withScratchFolder { try expectSections(scenario, 200, in: $0, each: 0...0) }
    }

    @Test("the intervals of a run add up, however short they are")
    func shortIntervals() throws {
        try withScratchFolder { folder in
            try expectSections(
                "remount", 20_000, in: folder, each: Self.eachRemount...Self.eachRemount, ["-i", "10ms"])
        }
    }

    /// Whatever else mounts on this machine can only add to a count: of several attempts the smallest is the load's.
    private func expectSections(
        _ scenario: String, _ operations: Int, in folder: String, each: ClosedRange<Int>, _ options: [String] = []
    ) throws {
        var with = Int.max
        var without = Int.max
        for attempt in 0..<5 {
            without = min(without, try sections("\(folder)/without-\(attempt)", scenario, 0, options))
            with = min(with, try sections("\(folder)/with-\(attempt)", scenario, operations, options))
            if each.contains(where: { with - without == operations * $0 }) { return }
        }
        Issue.record("\(operations) times \(scenario): \(with) sections, \(without) without; expected \(each) each")
    }

    private func sections(_ run: String, _ scenario: String, _ operations: Int, _ options: [String]) throws -> Int {
        let load = [mountscope, "load", scenario, "-n", "\(operations)"]
        let result = try CommandProcess(["record", "-o", run] + options + ["--"] + load).finish()
        try #require(result.status == 0, "\(result.errors)")
        let recorded = try RecordedRun(run)
        #expect(recorded.endReason == "command_exited")
        return try recorded.total("mount_lock.write_sections[]")
    }
}

/// The kernel's version, of `uname -r`.
private let release: (Int, Int) = {
    let numbers = kernelText("osrelease").split { !$0.isNumber }.compactMap { Int($0) }
    return (numbers.first ?? 0, numbers.dropFirst().first ?? 0)
}()

private let isRealTime = kernelText("version").contains("PREEMPT_RT")

private func kernelText(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "/proc/sys/kernel/\(name)") ?? Data(), as: UTF8.self)
}
