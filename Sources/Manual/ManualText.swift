/// What the manual page says beyond the commands' own help.
enum ManualText {
    /// Of the last change to the texts here.
    static let date = "November 27, 2026"

    static let summary = "show contention on Linux's global mount locks"

    static let description = """
        Linux has two global locks for mounts. mount_lock is a seqlock, a spinlock with a sequence number: every \
        mount, umount and remount moves the number, and every path lookup reads it and repeats its work when the \
        number has moved. namespace_sem is a read-write semaphore: every reader of /proc/PID/mountinfo holds it \
        while it prints a page of text, and every mount and umount waits for it. mountscope counts and times \
        what happens to both, live or into files, and says of every number how it was measured.

        Probes are attached when a command that measures begins, and detached when it ends. Measuring needs root.
        """

    static let sections = [modes] + LiveText.sections + MetricText.sections + others

    private static let modes = ManualSection(
        title: "MODES", text: "Every series has a mode, in every output:",
        items: [
            ManualSection.Item(
                term: "exact", text: "Every event was counted, but for those that are reported as lost."),
            ManualSection.Item(term: "sampled", text: "From samples, with a 95 % interval."),
            ManualSection.Item(term: "estimated", text: "A bound or a stand-in. mountscope probe says which."),
            ManualSection.Item(
                term: "unavailable",
                text: "Not to be had on this kernel. mountscope probe says why. The value is empty, never 0."),
        ])

    private static let others = [
        ManualSection(
            title: "FILES", text: "A recorded run is a folder with:",
            items: [
                ManualSection.Item(
                    term: "Pa run.json",
                    text: "The machine, the attach table with modes and reasons, COMMAND and its exit status, and how "
                        + "the run ended."),
                ManualSection.Item(
                    term: "Pa intervals.csv", text: "A row for every series in every interval, nanoseconds."),
                ManualSection.Item(term: "Pa hist.csv", text: "The buckets of waits and holds."),
                ManualSection.Item(
                    term: "Pa actors.csv", text: "Processes that used the locks or paid for them, at first sight."),
                ManualSection.Item(
                    term: "Pa tasks.csv", text: "A row for every series of every process in an interval."),
                ManualSection.Item(term: "Pa scans.csv", text: "What every process read of the mount tables."),
                ManualSection.Item(term: "Pa blame.csv", text: "Who paid for whom."),
                ManualSection.Item(term: "Pa namespaces.csv", text: "Mount namespaces and their mounts."),
            ]),
        ManualSection(
            title: "EXIT STATUS",
            items: [
                ManualSection.Item(
                    term: "0", text: "Done. A run that was recorded is a success, whatever COMMAND returned."),
                ManualSection.Item(
                    term: "1", text: "Failed: a file that cannot be written, a run that exists, a call that failed."),
                ManualSection.Item(
                    term: "2", text: "mountscope compare or versus found a regression beyond --fail-over."),
                ManualSection.Item(
                    term: "3",
                    text:
                        "That gate could not judge: too few runs, missing data, or runs that were not recorded in turn."
                ),
                ManualSection.Item(term: "64", text: "Usage: an unknown option or a value that makes no sense."),
                ManualSection.Item(
                    term: "69",
                    text:
                        "This kernel lacks what is required: BTF in /sys/kernel/btf/vmlinux, or mount_lock is not found."
                ),
                ManualSection.Item(term: "77", text: "Not permitted: run it as root."),
            ]),
        ManualSection(
            title: "EXAMPLES",
            text: """
                What does this kernel let me measure?

                    mountscope probe

                Watch the host, five seconds an interval:

                    mountscope live -i 5s

                Record what one command causes:

                    mountscope record -o run1 -- make test

                Look at it, and at it as it went:

                    mountscope report run1
                    mountscope report run1 --html run1.html
                    mountscope live --replay run1 --speed 10

                Compare two kernels, six runs each:

                    mountscope compare old-* --to new-*

                See what a change of a command does to the locks:

                    mountscope versus 'mountscope load remount -n 2000' 'mountscope load remount -n 200'

                Keep Prometheus informed:

                    mountscope record -i 15s --textfile /var/lib/prometheus/node-exporter/mountscope.prom

                Put a known load on the locks, to compare kernels:

                    mountscope record -o run2 -- mountscope load mix -d 30s
                """),
        ManualSection(
            title: "SEE ALSO",
            macros: [".Xr perf 1 ,", ".Xr bpf 2 ,", ".Xr mount 2 ,", ".Xr proc 5 ,", ".Xr bpftrace 8"]),
        ManualSection(
            title: "CAVEATS",
            text: "x86-64 and Linux 5.10 or later. What a kernel lacks costs its series, not the rest."),
    ]
}
