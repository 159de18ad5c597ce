import Foundation
import Testing

/// Samples, taken or not, come as often as the clock says.
extension OnThisKernel.SampleTests {
    private static let missed = "mountscope.lost_events[missed_sample]"
    private static let duty = "mount_lock.write_duty[]"

    @Test("samples taken and missed together are as many as were due", arguments: [99, 499, 4000])
    func due(hertz: Int) throws {
        try withScratchFolder { folder in
            let command = ["--", mountscope, "load", "stat", "-d", "1s"]
            let clock = ContinuousClock()
            let begin = clock.now
            let result = try CommandProcess(
                ["record", "-o", "\(folder)/run", "--attach", "sample", "--sample-hz", "\(hertz)", "-i", "100ms"]
                    + command
            ).finish()
            let most = begin.duration(to: clock.now)
            try #require(result.status == 0, "\(result.errors)")
            let run = try RecordedRun("\(folder)/run")
            let ofMissed = run.intervals.rows.filter { $0.series == Self.missed }
            let ofDuty = run.intervals.rows.filter { $0.series == Self.duty && $0["scope"] == "all" }
            try #require(!ofMissed.isEmpty && ofMissed.count == ofDuty.count)
            guard try run.attachTable().first(where: { $0.series == Self.duty })?.mode == "sampled" else {
                #expect(ofMissed.allSatisfy { $0["mode"] == "unavailable" }, "this kernel refuses to sample")
                return
            }
            #expect(ofMissed.allSatisfy { $0["mode"] == "estimated" && $0["scope"] == "all" })
            let missed = try run.total(Self.missed)
            let taken = try ofDuty.reduce(0) { $0 + (try #require(Int($1["out_of"] ?? ""))) }
            let host = try #require(run.description["host"] as? [String: Any])
            let cpus = try #require(host["cpus_online"] as? [Int]).count
            // A load of one second runs between the first snapshot and the last, all of it since `begin`. What was missed is
            // known but for two a CPU, and a timer that was late to begin, of which there is a tenth's room.
            let least = cpus * (hertz * 9 / 10 - 2)
            let periods = Int(most / .nanoseconds(1_000_000_000 / hertz))
            #expect(taken + missed >= least, "\(taken) taken, \(missed) missed")
            #expect(taken + missed <= cpus * (periods + 1), "\(taken) taken, \(missed) missed")
            #expect(taken > 0)
        }
    }

    @Test("without samples none are missed, and that is said")
    func off() throws {
        try withScratchFolder { folder in
            let arguments = ["record", "-o", "\(folder)/run", "--attach", "sample", "--sample-hz", "off", "-d", "50ms"]
            let result = try CommandProcess(arguments).finish()
            try #require(result.status == 0, "\(result.errors)")
            let run = try RecordedRun("\(folder)/run")
            let rows = run.intervals.rows.filter { $0.series == Self.missed }
            #expect(!rows.isEmpty && rows.allSatisfy { $0["mode"] == "unavailable" && $0["count"] == "" })
            let reasons = try #require(run.description["unavailable"] as? [[String: Any]])
            let reason = reasons.first { $0["site"] as? String == "missed_sample" }?["reason"] as? String
            #expect(reason == "nothing is sampled")
        }
    }
}
