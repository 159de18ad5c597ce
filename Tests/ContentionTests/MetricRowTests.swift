import Testing

@testable import Contention

@Suite("The rows of the metrics") struct MetricRowTests {
    @Test("every metric has one row, at the place of its number", arguments: Metric.allCases)
    func oneRow(_ metric: Metric) {
        #expect(metric.row.metric == metric)
        #expect(Metric(lock: metric.subject.rawValue, name: metric.name) == metric)
        #expect(Metric.allCases.filter { $0.qualifiedName == metric.qualifiedName } == [metric])
    }

    @Test("a name that no metric has is none")
    func noMetric() {
        #expect(Metric(lock: "namespace_sem", name: "write_sections") == nil)
        #expect(Metric(lock: "mount_lock", name: "") == nil)
    }

    @Test("every metric is described, in sentences that Prometheus can quote", arguments: Metric.allCases)
    func help(_ metric: Metric) {
        #expect(metric.row.help.hasSuffix(".") && !metric.row.help.contains("\""))
        #expect(metric.row.manual.hasSuffix("."))
    }

    @Test(
        "what counts at probes can lose events, samples and the tool's own account cannot", arguments: Metric.allCases)
    func losses(_ metric: Metric) {
        let isCounted =
            metric.subject != .mountscope && metric != .writeSections && metric.kind.view != .share
        #expect(metric.row.losses.isEmpty != isCounted)
        #expect(!metric.row.losses.contains(.missedSample))
        if metric.kind == .durations { #expect(metric.row.losses == LossCause.ofPairs) }
    }

    @Test("what stands in for a metric is sampled, and of the same lock")
    func standIns() throws {
        for metric in Metric.allCases {
            guard let other = metric.row.standIn else { continue }
            #expect(other.subject == metric.subject && other.isShareOfTime)
        }
    }

    @Test("every measure is of events that the metric has: times only where there are some, shares of their samples")
    func measures() {
        #expect(!MeasureTable.primary.isEmpty)
        for rule in MeasureTable.detailed {
            #expect(rule.quantity == .number || rule.metric.hasTimes, "\(rule.metric.qualifiedName)")
            #expect(rule.metric.isShareOfTime == (rule.per == [.sample]), "\(rule.metric.qualifiedName)")
            #expect(!rule.isBySite || rule.metric.siteKind == .fixed, "\(rule.metric.qualifiedName)")
        }
        let compared = Set(MeasureTable.detailed.map(\.metric))
        #expect(
            Set(Metric.allCases).subtracting(compared)
                == [.writeAcquires, .writeCoverage, .ownCost, .cpusOnline, .lostEvents])
    }

    @Test("shares are shown as shares, durations by percentiles, everything else by its rate or its state")
    func views() {
        let shares = Metric.allCases.filter { $0.kind.view == .share }
        #expect(shares.filter { $0.countUnit != .samples } == [.writeCoverage])
        #expect(Metric.allCases.filter { $0.kind.view == .level } == [.cpusOnline])
    }
}
