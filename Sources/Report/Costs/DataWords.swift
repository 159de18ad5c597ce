import Contention

/// How far the numbers of an interval can be trusted, in one line: what is exact, what was lost, what watching costs.
struct DataWords {
    private let trust: Trust
    private let change: String?

    /// - Parameter change: what began or ceased to be measured; nil where nothing did.
    init(_ trust: Trust, change: String? = nil) {
        self.trust = trust
        self.change = change
    }

    /// `DATA   8 of 11 rows exact, 2 estimated, 1 not measured; 0 lost; own cost 0.3 % of a CPU`; the last parts go where the
    /// line is short.
    /// - Parameter width: characters.
    func line(width: Int) -> String {
        var parts = self.parts
        while true {
            let line = "DATA".padded(to: VerdictWords.indent) + parts.joined(separator: "; ")
            if line.count <= width || parts.count == 1 { return line }
            parts.removeLast()
        }
    }

    /// Everything that `line` says: `8 of 11 rows exact, ...; 0 lost; own cost 0.3 % of a CPU`
    var text: String { parts.joined(separator: "; ") }

    private var parts: [String] { [rows, losses, change, ownCost].compactMap { $0 } }

    private var rows: String {
        let all = trust.exact + trust.estimated + trust.missing
        if trust.exact == all { return "exact" }
        var words = "\(trust.exact) of \(all) rows exact"
        if trust.estimated > 0 { words += ", \(trust.estimated) estimated" }
        if trust.missing > 0 { words += ", \(trust.missing) not measured" }
        return words
    }

    private var losses: String { trust.lost.map { "\(Units.count($0)) lost" } ?? "losses not known" }

    private var ownCost: String? { trust.ownCost.map { "own cost \(Units.decimals($0 * 100, 1)) % of a CPU" } }
}

extension ModeChanges.Change {
    /// `mount_lock.spin_time taken off`
    /// - Parameter keys: of all series.
    func brief(among keys: [SeriesKey]) -> String {
        let names = SeriesNames(keys).join(self.keys)
        return "\(names) \(mode == .unavailable ? "taken off" : "is \(mode.rawValue)")"
    }
}
