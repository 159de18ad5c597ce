import Contention

/// Who takes which part of a row, or of several: `path_mount 98 %`.
struct CostShares {
    struct Part: Equatable {
        let name: String
        /// Of the whole, 0...1.
        let share: Double

        /// `98 %`
        var percent: String { CostShares.percent(share) }
    }

    /// The greatest first.
    let shares: [Part]

    /// Of one row, by the time that the parts took, or by their events where no part has a time.
    init(_ sheet: CostSheet, _ row: CostRow) {
        let parts = sheet.parts(row)
        let isTimed = parts.contains { ($0.numbers.time?.value ?? 0) > 0 }
        self.init(parts.map { ($0.site, (isTimed ? $0.numbers.time : $0.numbers.rate)?.value ?? 0) })
    }

    /// Of what mount_lock costs path lookups and its own users, by time: `spin in path_init 61 %`.
    static func payers(_ sheet: CostSheet) -> CostShares {
        let rows: [(CostRow, String)] = [
            (.readerSpins, "spin in "), (.lockWaits, "wait for it: "), (.walksAgain, "walk again: "),
        ]
        return CostShares(
            rows.flatMap { row, verb in
                sheet.parts(row).map { ($0.site.isEmpty ? verb : verb + $0.site, $0.numbers.time?.value ?? 0) }
            })
    }

    /// Of processes.
    init(of shares: [(name: String, share: Double)]) {
        self.shares = shares.map { Part(name: $0.name, share: $0.share) }
    }

    private init(_ parts: [(name: String, value: Double)]) {
        let whole = parts.reduce(0) { $0 + $1.value }
        let shares = parts.filter { $0.value > 0 }.map { Part(name: $0.name, share: $0.value / whole) }
        self.shares = shares.enumerated().sorted { left, right in
            let (one, other) = (left.element.share, right.element.share)
            return one == other ? left.offset < right.offset : one > other
        }.map(\.element)
    }

    /// As many as fit, and how many more there are: `path_mount 98 %  umount_tree 2 %`.
    /// - Parameter width: characters.
    func line(width: Int) -> String {
        var line = ""
        for (index, part) in shares.enumerated() {
            let left = shares.count - index - 1
            let next = (line.isEmpty ? "" : line + "  ") + "\(part.name) \(part.percent)"
            let tail = left > 0 ? "  \(left) more" : ""
            guard next.count + tail.count <= width || line.isEmpty else {
                return line + "  \(left + 1) more"
            }
            line = next
        }
        return line
    }

    /// Whole percents; `<1 %` and `>99 %` where rounding would say none or all.
    static func percent(_ share: Double) -> String {
        if share >= 1 { return "100 %" }
        if share < 0.01 { return "<1 %" }
        return share > 0.99 ? ">99 %" : "\(Int((share * 100).rounded())) %"
    }
}
