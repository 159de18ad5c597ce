import Contention

/// What has to be known to read a side's table.
struct ComparisonRemarks {
    let side: ComparedSide

    var sentences: [String] {
        [legend, proportions, means, losses, silence].compactMap { $0 } + parts + omissions
    }

    /// nil without any test.
    private var legend: String? {
        guard side.isTested, !side.isHopeless else { return nil }
        guard side.tests > 0 else { return "No measure differs between any two of the runs: nothing to test." }
        return
            "p is corrected for \(Units.amount(side.tests, "test")) (Holm). less, more: shown at 5 %. ~: no difference is "
            + "shown, which is not \"the same\": FINDS is the least ratio that four of five such comparisons show."
    }

    /// Where the sides did their operations in other proportions.
    private var proportions: String? {
        let divided = side.rows.filter { $0.kind != nil }
        guard !divided.isEmpty else { return nil }
        return
            "The sides did their operations in other proportions, and nobody knows which caused how much: "
            + "\(list(divided.map(\.measure))) are divided by the kind that makes the least difference, and one is shown only "
            + "where it is one by each kind."
    }

    private var means: String? {
        let odd = side.rows.filter(\.isContradictedByMeans)
        guard !odd.isEmpty else { return nil }
        return
            "The means of the runs moved the other way, because a few runs hold most of it: \(list(odd.map(\.measure)))."
    }

    private var losses: String? {
        let lossy = side.rows.filter { $0.lostShare ?? 0 >= 0.0001 }
        guard !lossy.isEmpty else { return nil }
        var told: [String] = []
        for row in lossy {
            let text = "\(Units.percent(row.lostShare ?? 0)) of \(row.measure.name)"
            if !told.contains(text) { told.append(text) }
        }
        return "Lost events, the most of any run: \(told.joined(separator: ", "))."
    }

    private var silence: String? { side.silent.isEmpty ? nil : "None in any run: \(list(side.silent))." }

    private var parts: [String] {
        var told: [String] = []
        for row in side.rows where !row.without.isEmpty {
            let sites = row.without.map(\.site).joined(separator: ", ")
            let text = "\(row.measure.name) without \(sites): not measured in every run alike."
            if !told.contains(text) { told.append(text) }
        }
        return told
    }

    /// By reason: one kernel's gaps are one sentence.
    private var omissions: [String] {
        var reasons: [String] = []
        for one in side.leftOut where !reasons.contains(one.reason) { reasons.append(one.reason) }
        return reasons.map { reason in
            "Not compared, \(reason): \(list(side.leftOut.filter { $0.reason == reason }.map(\.measure)))."
        }
    }

    /// Each metric once, with its sites or quantities: `mount_lock.read_retries[lookup, walk]`.
    private func list(_ measures: [Measure]) -> String {
        var names: [String] = []
        var parts: [String: [String]] = [:]
        for measure in measures {
            let name = measure.metric.qualifiedName
            if !names.contains(name) { names.append(name) }
            let part = measure.site ?? (measure.title == measure.name ? nil : measure.quantity.rawValue)
            if let part, parts[name]?.contains(part) != true { parts[name, default: []].append(part) }
        }
        return names.map { name in parts[name].map { "\(name)[\($0.joined(separator: ", "))]" } ?? name }
            .joined(separator: ", ")
    }
}
