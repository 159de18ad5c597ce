import Contention
import Frames

/// How far the numbers can be trusted: modes, losses, cost, what is not measured and why, and the table of probes.
struct DataView {
    let input: ViewInput

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let all = lines(area.columns)
        let scroll = TextScroll(from: input.state.selected, count: all.count, room: area.rows - 1)
        for (offset, index) in scroll.visible.enumerated() {
            let (text, ink) = all[index]
            frame.write(text, column: area.column, row: area.row + offset, ink, limit: area.right)
        }
        let end = scroll.visible.upperBound
        guard end < all.count || scroll.visible.lowerBound > 0 else { return }
        let text = "lines \(scroll.visible.lowerBound + 1) to \(end) of \(all.count): up, down, PgUp, PgDn"
        frame.write(text, column: area.column, row: area.bottom - 1, .faint, limit: area.right)
    }

    /// How many lines there are.
    func count(_ width: Int) -> Int { lines(width).count }

    private func lines(_ width: Int) -> [(String, Ink)] {
        let filter = input.state.filter.lowercased()
        var lines: [(String, Ink)] = []
        func add(_ title: String, _ texts: [String]) {
            let wanted = texts.filter { filter.isEmpty || $0.lowercased().contains(filter) }
            guard !wanted.isEmpty else { return }
            if !lines.isEmpty { lines.append(("", .plain)) }
            lines.append((title, .strong))
            lines += wanted.flatMap { $0.fitted(to: width) }.map { ($0, Ink.plain) }
        }
        add("what is shown", about)
        add("changes", changes)
        if let latest = input.history.latest {
            add("cost, losses and what is not measured", Notes(interval: latest, width: .max).lines)
        }
        add("modes and losses of the interval", modes)
        add("probes", probes)
        return lines
    }

    private var about: [String] {
        let kept = Units.amount(input.history.count, "interval")
        let reset = input.history.resetAt.map { "; MAX is since \(Timestamp.rfc3339($0, digits: 0))" } ?? ""
        var lines = ["history: \(kept) kept\(reset)"]
        if !input.method.isEmpty { lines.append("attached: \(input.method)") }
        if let worst = input.history.worstVerdict {
            let words = VerdictWords(worst.verdict, nil)
            let time = Timestamp.rfc3339(worst.endRealtime, digits: 0)
            lines.append("worst interval: \(words.level) at \(time): \(words.first)")
        }
        lines.append("a walk that is done again is taken to cost \(Units.duration(LockVerdict.pricePerWalk))")
        return lines
    }

    private var changes: [String] {
        input.history.changes.map { change in
            let names = SeriesNames(input.history.keys).join(change.change.keys)
            let reason = change.change.reason.isEmpty ? "" : ": \(change.change.reason)"
            return
                "\(Timestamp.rfc3339(change.endRealtime, digits: 0)) \(change.change.mode.rawValue): \(names)\(reason)"
        }
    }

    private var modes: [String] {
        guard let moment = input.moment, moment.points.count == input.history.keys.count else { return [] }
        return zip(input.history.keys, moment.points).filter { $1.mode != .unavailable }.map { key, point in
            let lost = point.lost.map { $0 > 0 ? ", \(Units.rate($0)) lost" : "" } ?? ", losses not known"
            return "\(point.mode.rawValue.padded(to: 10))\(key)\(lost)"
        }
    }

    private var probes: [String] {
        input.attachTable.filter { $0.mode != .unavailable }.map { row in
            let place = [row.program, row.function].filter { !$0.isEmpty }.joined(separator: " ")
            let reason = row.reason.isEmpty ? "" : ": \(row.reason)"
            return "\(row.mode.rawValue.padded(to: 10))\(row.key)  \(place)\(reason)"
        }
    }
}

/// Lines of text that move as one: the first that is shown is the chosen one.
struct TextScroll: Equatable {
    let visible: Range<Int>

    init(from wanted: Int, count: Int, room: Int) {
        let room = max(1, room)
        let first = max(0, min(wanted, count - room))
        visible = first..<min(count, first + room)
    }
}
