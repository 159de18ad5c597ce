import SystemCalls
import Testing

@testable import Contention
@testable import Report

@Suite struct ProbeReportTests {
    private let rows =
        [
            AttachRow(
                key: SeriesKey(.writeSections), mode: .exact, program: "memory read", function: "mount_lock",
                address: 0xffff_ffff_8123_4567, required: true, reason: "", hint: ""),
            AttachRow(
                key: SeriesKey(.readRetries, site: "lookup"), mode: .exact, program: "kprobe",
                function: "lookup_mnt+0x1",
                address: 0xffff_ffff_8123_0001, required: false, reason: "", hint: ""),
            AttachRow(
                key: SeriesKey(.readRetries, site: "walk"), mode: .estimated, program: "fexit",
                function: "__legitimize_mnt",
                address: nil, required: false, reason: "counts every caller", hint: ""),
        ]
        + ["mountinfo", "mounts", "mountstats"].map {
            AttachRow(
                key: SeriesKey(.readHold, site: $0), mode: .unavailable, program: "", function: "", address: nil,
                required: false, reason: "this kernel has no kprobes", hint: "boot one with CONFIG_KPROBES=y")
        }

    @Test("the table is followed by each remark once")
    func theTableIsFollowedByEachRemarkOnce() {
        #expect(
            ProbeReport(rows).text(width: 140) == """
                LOCK           METRIC          SITE        MODE         NEED      PROGRAM      AT                    ADDRESS
                mount_lock     write_sections              exact        required  memory read  mount_lock            0xffffffff81234567
                mount_lock     read_retries    lookup      exact        optional  kprobe       lookup_mnt+0x1        0xffffffff81230001
                mount_lock     read_retries    walk        estimated    optional  fexit        __legitimize_mnt      -
                namespace_sem  read_hold       mountinfo   unavailable  optional  -            -                     -
                namespace_sem  read_hold       mounts      unavailable  optional  -            -                     -
                namespace_sem  read_hold       mountstats  unavailable  optional  -            -                     -

                mount_lock.read_retries[walk]: counts every caller
                namespace_sem.read_hold: this kernel has no kprobes
                  hint: boot one with CONFIG_KPROBES=y

                """)
    }

    @Test("a remark that some functions share names them, one that all share names the metric")
    func aRemarkThatSomeFunctionsShareNamesThemOneThatAllShareNamesTheMetric() {
        func row(_ metric: Metric, _ function: String, _ reason: String) -> AttachRow {
            AttachRow(
                key: SeriesKey(metric, site: function), mode: reason.isEmpty ? .exact : .unavailable, program: "kprobe",
                function: function, address: nil, required: false, reason: reason, hint: "")
        }
        let rows = [
            row(.writeAcquires, "attach_mnt", ""), row(.writeAcquires, "do_mount", "refused"),
            // Two programs feed one series: it is one series all the same.
            row(.spinTime, "path_init", "bounded"), row(.spinTime, "path_init", "bounded"),
        ]
        let remarks = ProbeReport(rows).text(width: 140).split(separator: "\n").suffix(2)
        #expect(Array(remarks) == ["mount_lock.write_acquires[do_mount]: refused", "mount_lock.spin_time: bounded"])
    }

    @Test("eighty columns keep mode and program")
    func eightyColumnsKeepModeAndProgram() {
        let lines = ProbeReport(rows).text(width: 80).split(separator: "\n")
        #expect(lines[0] == "LOCK           METRIC          SITE        MODE         PROGRAM")
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test("what a start needs is said, held or missing")
    func privileges() {
        let needs = [
            Privileges.Need(name: "CAP_SYSLOG", purpose: "kernel addresses", isHeld: true),
            Privileges.Need(name: "CAP_BPF", purpose: "the programs", isHeld: false),
        ]
        let lines = ProbeReport([], privileges: needs).text(width: 100).split(separator: "\n")
        #expect(lines.last == "privileges: CAP_SYSLOG held (kernel addresses), CAP_BPF missing (the programs)")
        #expect(!ProbeReport([]).text(width: 100).contains("privileges"))
    }
}
