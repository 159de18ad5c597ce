import Contention

/// A run's state as metric families: the run itself, then what it has measured so far.
struct RunFamilies {
    let description: RunDescription
    /// False when the run has ended and nothing changes any more.
    let isRecording: Bool
    /// Everything since the first snapshot; nil before there is anything.
    let summary: Interval?
    /// By container.
    var containers: [MetricFamily] = []

    var families: [MetricFamily] {
        var families = [
            gauge(
                "mountscope_run_info", "1; its labels tell the run, the version of mountscope and the kernel.",
                .count(1),
                [
                    MetricLabel("run_id", description.id), MetricLabel("version", description.toolVersion),
                    MetricLabel("kernel_release", description.host.kernelRelease),
                ]),
            gauge("mountscope_recording", "1 while it measures, 0 when it has ended.", .count(isRecording ? 1 : 0)),
            seconds(
                "mountscope_start_time_seconds", "When the probes began to count, since 1970 UTC.",
                description.startRealtime),
        ]
        guard let summary else { return families }
        families.append(
            seconds(
                "mountscope_last_interval_end_time_seconds", "When these values were read, since 1970 UTC.",
                summary.endRealtime))
        families.append(
            MetricFamily(
                name: "mountscope_measured_seconds", kind: .counter, help: "The time that the values stand for.",
                unit: "seconds",
                samples: [MetricSample(suffix: "_total", labels: [], value: .nanoseconds(summary.elapsed))]))
        return families + SeriesFamilies(summary: summary).families.filter { !$0.samples.isEmpty } + containers
    }

    private func gauge(_ name: String, _ help: String, _ value: MetricValue, _ labels: [MetricLabel] = [])
        -> MetricFamily
    {
        MetricFamily(name: name, kind: .gauge, help: help, samples: [MetricSample(labels: labels, value: value)])
    }

    private func seconds(_ name: String, _ help: String, _ realtime: Int64) -> MetricFamily {
        // A clock before 1970 is none that was set.
        let value = MetricValue.nanoseconds(UInt64(max(0, realtime)))
        return MetricFamily(
            name: name, kind: .gauge, help: help, unit: "seconds", samples: [MetricSample(labels: [], value: value)])
    }
}
