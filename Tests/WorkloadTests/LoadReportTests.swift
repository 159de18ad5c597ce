import Glibc
import Testing

@testable import Workload

@Suite struct LoadReportTests {
    private func counts(_ fill: (inout OperationCounts) -> Void) -> OperationCounts {
        var counts = OperationCounts()
        fill(&counts)
        return counts
    }

    @Test("the report has the kinds in order, with the counts that apply to them")
    func json() throws {
        var request = LoadRequest()
        request.mix = [.mountinfo: 1, .bind: 2, .stat: 1, .remount: 1]
        request.operations = 2
        request.detach = true
        request.bufferBytes = 4096
        let report = LoadReport(
            plan: try request.plan(for: .mix), elapsedNanoseconds: 12345, interrupted: false, mountsInNamespace: 24,
            setupMountCalls: 4, setupReadCalls: 2,
            counts: [
                .bind: counts {
                    $0.operations = 4
                    $0.mountCalls = 4
                    $0.umountCalls = 4
                },
                .remount: counts {
                    $0.operations = 2
                    $0.mountCalls = 2
                },
                .stat: counts { $0.operations = 2 },
                .mountinfo: counts {
                    $0.operations = 2
                    $0.readCalls = 6
                    $0.bytes = 9000
                },
            ])
        #expect(
            report.json == """
                {"scenario":"mix","threads":5,"operations_per_thread":2,"elapsed_ns":12345,"interrupted":false,\
                "mounts_in_namespace":24,"setup_mount_calls":4,"setup_read_calls":2,"kinds":{\
                "bind":{"threads":2,"operations":4,"mount_calls":4,"umount_calls":4,"detach":true},\
                "remount":{"threads":1,"operations":2,"mount_calls":2},\
                "stat":{"threads":1,"operations":2},\
                "mountinfo":{"threads":1,"operations":2,"read_calls":6,"bytes":9000,"file":"mountinfo",\
                "buffer_bytes":4096}}}
                """)
    }

    @Test("a load with a rate says what was due, and what of it was not done")
    func rate() throws {
        var request = LoadRequest()
        request.mix = [.bind: 2, .stat: 1]
        request.rate = 500
        request.nanoseconds = 2_000_000_000
        let done = [LoadKind.bind: counts { $0.operations = 1999 }, .stat: counts { $0.operations = 1000 }]
        let report = LoadReport(
            plan: try request.plan(for: .mix), elapsedNanoseconds: 7, interrupted: false, mountsInNamespace: 22,
            setupMountCalls: 2, setupReadCalls: 2, counts: done)
        #expect(report.json.contains(#""duration_ns":2000000000,"rate_per_thread":500.0,"elapsed_ns":7"#))
        #expect(report.json.contains(#""bind":{"threads":2,"operations":1999,"operations_due":2000,"#))
        #expect(report.json.contains(#""stat":{"threads":1,"operations":1000,"operations_due":1000}"#))
        #expect(report.shortfall == "1999 of 2000 operations of bind")
    }

    @Test("an operation begins when its rate says, whatever those before took, and a far one is no crash")
    func pace() {
        let pace = Pace(rate: 4, start: 1_000_000_000)
        #expect((0..<5).map { pace.due($0) } == [1000, 1250, 1500, 1750, 2000].map { $0 * 1_000_000 })
        #expect(Pace(rate: 1e-300, start: 5).due(.max) > 1)
        // Long overdue: nothing is waited for, stopped or not.
        #expect(pace.wait(for: 3, isStopped: { true }))
        #expect(!Pace(rate: 1e-9, start: SystemCalls.monotonicNanoseconds()).wait(for: 1, isStopped: { true }))
    }

    @Test("a load that ran for a time says the time it was given")
    func durationAndInterruption() throws {
        let report = LoadReport(
            plan: try LoadRequest().plan(for: .unshare), elapsedNanoseconds: 7, interrupted: true,
            mountsInNamespace: 22, setupMountCalls: 2, setupReadCalls: 2, counts: [:])
        #expect(
            report.json == """
                {"scenario":"unshare","threads":1,"duration_ns":1000000000,"elapsed_ns":7,"interrupted":true,\
                "mounts_in_namespace":22,"setup_mount_calls":2,"setup_read_calls":2,\
                "kinds":{"unshare":{"threads":1,"operations":0}}}
                """)
    }

    @Test("the counts of threads add up")
    func adding() {
        var sum = counts {
            $0.operations = 1
            $0.mountCalls = 2
            $0.umountCalls = 3
            $0.readCalls = 4
            $0.bytes = 5
        }
        sum.add(sum)
        #expect(
            sum
                == counts {
                    $0.operations = 2
                    $0.mountCalls = 4
                    $0.umountCalls = 6
                    $0.readCalls = 8
                    $0.bytes = 10
                })
    }

    @Test("an error names the call, the path, the errno and what to do")
    func errorText() {
        let error = WorkloadError(call: "mount(MS_BIND)", path: "/tmp/x", errorNumber: ENOSPC)
        #expect(error.message == "mount(MS_BIND) /tmp/x: No space left on device (errno 28)" && !error.hint.isEmpty)
        #expect(WorkloadError(call: "stat", errorNumber: EIO).description == "stat: Input/output error (errno 5)")
    }

    @Test("only a refusal counts as missing permission", arguments: [(EPERM, true), (EACCES, true), (ENOENT, false)])
    func permission(errorNumber: Int32, refused: Bool) {
        let error = WorkloadError(call: "unshare", errorNumber: errorNumber)
        if case .noPermission = error { #expect(refused) } else { #expect(!refused) }
    }
}
